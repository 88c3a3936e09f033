#include "common/sql/connection_turn.h"

#include "absl/time/clock.h"
#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

TEST(AwaitConnection, SaysByNameWhyThereIsNone) {
  SlotQueue queue(1, 1);
  const auto held = AwaitConnection(queue, absl::InfiniteFuture());
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(GetErrorReason(AwaitConnection(queue, absl::Now()).status()), "DEADLINE_TOO_SHORT");
  SlotQueue nobody_waits(1, 0);
  const auto also_held = AwaitConnection(nobody_waits, absl::InfiniteFuture());
  ASSERT_TRUE(also_held.ok());
  EXPECT_EQ(GetErrorReason(AwaitConnection(nobody_waits, absl::InfiniteFuture()).status()),
            "OVERLOADED");
}

}  // namespace
}  // namespace clientele::sql
