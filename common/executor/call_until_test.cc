#include "common/executor/call_until.h"

#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "gtest/gtest.h"

namespace clientele {
namespace {

absl::Time Late() { return absl::Now() + absl::Minutes(1); }

TEST(CallUntil, ReturnsWhatTheCallReturns) {
  auto moved = std::make_unique<int>(7);
  const auto result = CallUntil(Late(), [moved = std::move(moved)]() mutable {
    ++*moved;
    return std::move(moved);  // NOLINT(performance-no-automatic-move): a capture
  });
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(**result, 8);
  EXPECT_EQ(CallUntil(absl::InfiniteFuture(), [] { return 3; }), 3);
}

TEST(CallUntil, BeginsNothingBehindTheDeadline) {
  const auto begun = std::make_shared<bool>(false);
  EXPECT_EQ(CallUntil(absl::InfinitePast(), [begun] { return *begun = true; }), std::nullopt);
  EXPECT_FALSE(*begun);
}

TEST(CallUntil, LeavesCallsThatHangAndOnlySoMany) {
  std::promise<void> end;
  const std::shared_future<void> ended = end.get_future().share();
  for (int i = 0; i < kCallsLeftMax; ++i) {
    EXPECT_TRUE(CallState::MayBegin()) << i;
    const auto result = CallUntil(absl::Now() + absl::Milliseconds(5), [ended] {
      ended.wait();
      return 1;
    });
    EXPECT_EQ(result, std::nullopt);
  }
  EXPECT_FALSE(CallState::MayBegin());
  EXPECT_EQ(CallUntil(Late(), [] { return 2; }), std::nullopt);

  end.set_value();
  for (const absl::Time late = Late(); !CallState::MayBegin() && absl::Now() < late;) {
    std::this_thread::yield();  // until one of those that were left has returned
  }
  EXPECT_EQ(CallUntil(Late(), [] { return 3; }), 3);
}

}  // namespace
}  // namespace clientele
