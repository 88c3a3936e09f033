#include "common/feed/event_applier.h"

#include <random>

#include "common/feed/consumer_positions.h"
#include "common/feed/event_converter.h"
#include "common/feed/migrations.h"
#include "common/feed/resume_token.h"
#include "common/feed/testing/applied_log.h"
#include "common/feed/testing/faulty_database.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/sql/migration.h"
#include "common/sql/testing/test_sqlite.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

using clientele::common::v1::WatchEventsResponse;

// A message with the events `first`..`last` of partition 0 behind `from`.
WatchEventsResponse MakeMessage(int64_t first, int64_t last) {
  WatchEventsResponse message;
  for (int64_t position = first; position <= last; ++position) {
    ToEventProto("profile", {0, position, MakeEvent("c-1", position)}, *message.add_events());
  }
  Positions next{};
  next[0] = last;
  message.set_next_resume_token(EncodeResumeToken("profile", next));
  return message;
}

class EventApplierTest : public ::testing::Test {
 protected:
  EventApplierTest() { log_.CreateTable(*database_); }

  EventApplier MakeApplier(sql::Database& database, const std::string& holder = "local") {
    return EventApplier(ConsumerShare("profile", holder, absl::Seconds(8), clock_), database, log_);
  }

  // Everybody has been silent for too long, and it is time to look again.
  void ExpireLeases() {
    clock_.Advance(absl::Seconds(2));
    const absl::Status status = database_->RunInTransaction({}, [](sql::Tx& tx) -> absl::Status {
      CLIENTELE_RETURN_IF_ERROR(tx.Execute(kExpireMembers, {}).status());
      return tx.Execute(kExpireLeases, {}).status();
    });
    ASSERT_EQ(status, absl::OkStatus());
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  std::unique_ptr<sql::Database> database_ = OpenFreshSqlite();
  AppliedLog log_;
};

TEST_F(EventApplierTest, StoresEffectAndPositionTogether) {
  EventApplier applier = MakeApplier(*database_);
  ASSERT_TRUE(applier.Begin().value());
  EXPECT_EQ(applier.positions(), Positions{});
  WatchEventsResponse message = MakeMessage(1, 3);
  ASSERT_EQ(applier.Apply(message), absl::OkStatus());
  EXPECT_EQ(applier.positions()[0], 3);
  EXPECT_EQ(log_.committed_count(), 1);

  EventApplier restarted = MakeApplier(*database_);
  ASSERT_TRUE(restarted.Begin().value());
  EXPECT_EQ(restarted.positions()[0], 3);
  EXPECT_EQ(log_.Read(*database_).size(), 3u);
}

TEST_F(EventApplierTest, StoresNeitherWhenTheHandlerFails) {
  EventApplier applier = MakeApplier(*database_);
  ASSERT_TRUE(applier.Begin().value());
  log_.FailNext(absl::UnavailableError("not now"));
  WatchEventsResponse message = MakeMessage(1, 3);
  EXPECT_EQ(applier.Apply(message).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(log_.committed_count(), 0);
  ASSERT_TRUE(applier.Begin().value());
  EXPECT_EQ(applier.positions(), Positions{});
  EXPECT_TRUE(log_.Read(*database_).empty());
}

TEST_F(EventApplierTest, AppliesOnceWhatIsDeliveredThriceByADyingProcess) {
  std::mt19937 random(3);
  FaultyDatabase faulty(*database_, [&] {
    const uint32_t draw = random() % 4;
    return draw == 0 ? TxFate::kRollsBack : (draw == 1 ? TxFate::kCommitsMute : TxFate::kCommits);
  });
  constexpr int64_t kEventCount = 300;
  int64_t done = 0;
  while (done < kEventCount) {
    EventApplier applier = MakeApplier(faulty);
    const absl::StatusOr<bool> begun = applier.Begin();
    if (!begun.ok()) {
      continue;
    }
    done = applier.positions()[0];
    bool alive = true;
    for (int delivery = 0; delivery < 3 && alive; ++delivery) {
      WatchEventsResponse message =
          MakeMessage(std::max<int64_t>(1, done - 4), std::min(done + 7, kEventCount));
      alive = applier.Apply(message).ok();
    }
  }
  std::vector<std::string> expected;
  for (int64_t i = 1; i <= kEventCount; ++i) {
    expected.push_back(absl::StrCat("c-1#", i));
  }
  EXPECT_EQ(log_.Read(*database_), expected);
}

TEST_F(EventApplierTest, StopsAtAHoleBetweenEvents) {
  EventApplier applier = MakeApplier(*database_);
  ASSERT_TRUE(applier.Begin().value());
  WatchEventsResponse message = MakeMessage(1, 3);
  message.mutable_events()->DeleteSubrange(1, 1);
  EXPECT_EQ(GetErrorReason(applier.Apply(message)), "FEED_HOLE");
  EXPECT_TRUE(log_.Read(*database_).empty());
}

TEST_F(EventApplierTest, StopsAtAHoleThatOnlyTheTokenTells) {
  EventApplier applier = MakeApplier(*database_);
  ASSERT_TRUE(applier.Begin().value());
  WatchEventsResponse message = MakeMessage(1, 3);
  message.mutable_events()->RemoveLast();
  EXPECT_EQ(GetErrorReason(applier.Apply(message)), "FEED_HOLE");
}

TEST_F(EventApplierTest, RefusesTheTokenOfAnotherSource) {
  EventApplier applier = MakeApplier(*database_);
  ASSERT_TRUE(applier.Begin().value());
  WatchEventsResponse message = MakeMessage(1, 1);
  message.set_next_resume_token(EncodeResumeToken("loyalty", Positions{}));
  EXPECT_EQ(GetErrorReason(applier.Apply(message)), "INVALID_RESUME_TOKEN");
}

TEST_F(EventApplierTest, KeepsASecondProcessFromApplyingTwice) {
  EventApplier first = MakeApplier(*database_, "first");
  EventApplier second = MakeApplier(*database_, "second");
  ASSERT_TRUE(first.Begin().value());
  EXPECT_FALSE(second.Begin().value());
  ExpireLeases();
  ASSERT_TRUE(second.Begin().value());

  // The first one's clock is slow: it does not know.
  WatchEventsResponse late = MakeMessage(1, 2);
  EXPECT_EQ(first.Apply(late).code(), absl::StatusCode::kAborted);
  WatchEventsResponse message = MakeMessage(1, 2);
  EXPECT_EQ(second.Apply(message), absl::OkStatus());
  EXPECT_EQ(log_.Read(*database_).size(), 2u);
}

TEST_F(EventApplierTest, KeepsItsShareAlive) {
  EventApplier applier = MakeApplier(*database_, "first");
  EventApplier other = MakeApplier(*database_, "second");
  ASSERT_TRUE(applier.Begin().value());
  EXPECT_FALSE(applier.Refresh().value()) << "not due";
  for (int i = 0; i < 5; ++i) {
    ExpireLeases();
    ASSERT_FALSE(applier.Refresh().value());
  }
  EXPECT_FALSE(other.Begin().value());
  EXPECT_EQ(applier.partitions(), AllPartitions());
}

TEST_F(EventApplierTest, GivesHalfToASecondProcessAndBackWhenThatLeaves) {
  EventApplier first = MakeApplier(*database_, "first");
  EventApplier second = MakeApplier(*database_, "second");
  ASSERT_TRUE(first.Begin().value());
  WatchEventsResponse message = MakeMessage(1, 3);
  ASSERT_EQ(first.Apply(message), absl::OkStatus());
  EXPECT_FALSE(second.Begin().value());
  clock_.Advance(absl::Seconds(2));
  EXPECT_TRUE(first.Refresh().value());
  EXPECT_EQ(first.partitions().count(), 8u);
  EXPECT_TRUE(second.Begin().value());
  EXPECT_EQ(first.partitions() ^ second.partitions(), AllPartitions());
  EXPECT_EQ(first.positions()[0], 3);

  ASSERT_EQ(first.Release(), absl::OkStatus());
  clock_.Advance(absl::Seconds(2));
  EXPECT_TRUE(second.Refresh().value());
  EXPECT_EQ(second.partitions(), AllPartitions());
  EXPECT_EQ(second.positions()[0], 3);
}

TEST_F(EventApplierTest, BeginsAnewWhenItsShareWasTaken) {
  EventApplier first = MakeApplier(*database_, "first");
  EventApplier second = MakeApplier(*database_, "second");
  ASSERT_TRUE(first.Begin().value());
  ExpireLeases();
  ASSERT_TRUE(second.Begin().value());
  EXPECT_EQ(first.Refresh().status().code(), absl::StatusCode::kAborted);
  EXPECT_FALSE(first.Begin().value());
}

// What the lease of a whole feed has left behind goes on under the leases of its groups.
TEST(ConsumerShareMigrationTest, GoesOnFromTheFenceOfTheLeaseBefore) {
  const std::vector<sql::Migration> migrations = sql::MergeMigrations({Migrations()});
  const std::unique_ptr<sql::Database> database =
      sql::OpenTestSqlite(absl::MakeConstSpan(migrations).first(5));
  const sql::Statement insert{"InsertOld",
                              "INSERT INTO consumer_position (source, partition, position, fence) "
                              "VALUES ($1, $2, $3, 41)"};
  ASSERT_EQ(database->RunInTransaction(
                {},
                [&](sql::Tx& tx) -> absl::Status {
                  for (int64_t p = 0; p < kPartitionCount; ++p) {
                    CLIENTELE_RETURN_IF_ERROR(tx.Execute(insert, {"profile", p, p}).status());
                  }
                  return absl::OkStatus();
                }),
            absl::OkStatus());
  ASSERT_EQ(sql::Migrate(*database, migrations), absl::OkStatus());
  const SystemClock clock;
  AppliedLog log;
  EventApplier applier(ConsumerShare("profile", "local", absl::Minutes(1), clock), *database, log);
  ASSERT_TRUE(applier.Begin().value());
  EXPECT_EQ(applier.partitions(), AllPartitions());
  EXPECT_EQ(applier.positions()[15], 15);
}

}  // namespace
}  // namespace clientele::feed
