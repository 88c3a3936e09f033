#include "common/handler/handler_context.h"

#include "common/audit/migrations.h"
#include "common/feed/migrations.h"
#include "common/handler/testing/handler_fixture.h"
#include "common/idempotency/migrations.h"
#include "common/sql/testing/test_sqlite.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

class HandlerContextTest : public ::testing::Test, public HandlerFixture {
 protected:
  HandlerContextTest()
      : HandlerFixture(sql::OpenTestSqlite(sql::MergeMigrations(
            {feed::Migrations(), idempotency::Migrations(), audit::Migrations()}))) {}

  HandlerParts PartsWith(const Clock& business) {
    const HandlerParts parts = Parts();
    return {.database = parts.database,
            .cache = parts.cache,
            .business_clock = business,
            .record_clock = parts.record_clock,
            .ids = parts.ids,
            .key = parts.key,
            .idempotency_retention = parts.idempotency_retention,
            .poke_outbox = parts.poke_outbox};
  }
};

TEST_F(HandlerContextTest, BusinessTimeIsThatOfTheRecordWhateverTheClockShows) {
  const HandlerContext context("test", PartsWith(record_clock()));
  for (const absl::Duration away : {-absl::Hours(9000), absl::ZeroDuration(), absl::Seconds(2)}) {
    const absl::Time record_time = record_clock().Now() + away;
    EXPECT_EQ(context.BusinessTimeOf(record_time), record_time);
  }
}

TEST_F(HandlerContextTest, ABusinessClockOfItsOwnIsNeverAheadOfItself) {
  const HandlerContext context("test", PartsWith(business_clock()));
  EXPECT_EQ(context.BusinessTimeOf(TestRecordTime()), TestBusinessTime());
  const absl::Time before = TestBusinessTime() - absl::Hours(1);
  EXPECT_EQ(context.BusinessTimeOf(before), before);
}

}  // namespace
}  // namespace clientele
