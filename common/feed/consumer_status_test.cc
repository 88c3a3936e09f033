#include "common/feed/consumer_status.h"

#include "common/feed/errors.h"
#include "gtest/gtest.h"

namespace clientele::feed {
namespace {

class FixedStatus final : public ConsumerStatusSource {
 public:
  explicit FixedStatus(const ConsumerStatus& status) : status_(status) {}
  ConsumerStatus Status() const override { return status_; }

 private:
  const ConsumerStatus status_;
};

TEST(CheckConsumers, OnlyOneThatHasGivenUpIsAReason) {
  const FixedStatus away(
      {.state = ConsumerState::kConnecting, .error = absl::UnavailableError("away")});
  const FixedStatus following({.state = ConsumerState::kFollowing});
  const FixedStatus failed({.state = ConsumerState::kFailed, .error = FeedHole(3, 12)});
  EXPECT_EQ(CheckConsumers({}), absl::OkStatus());
  EXPECT_EQ(CheckConsumers({&away, &following}), absl::OkStatus());
  EXPECT_EQ(CheckConsumers({&following, &failed}), FeedHole(3, 12));
}

}  // namespace
}  // namespace clientele::feed
