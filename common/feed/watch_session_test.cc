#include "common/feed/watch_session.h"

#include "common/feed/feed_trimmer.h"
#include "common/feed/limits.h"
#include "common/feed/outbox_mover.h"
#include "common/feed/registered_consumers.h"
#include "common/feed/resume_token.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/sql/transaction.h"
#include "common/status/error.h"

namespace clientele::feed {
namespace {

using clientele::common::v1::WatchEventsResponse;
using Kind = rpc::StreamStep::Kind;

class WatchSessionTest : public ::testing::Test {
 protected:
  std::unique_ptr<WatchSession> Watch(WatchPlan plan) {
    plan.heartbeat_interval = absl::Seconds(10);
    if (plan.partitions.none()) {
      plan.partitions = AllPartitions();
    }
    return std::make_unique<WatchSession>("profile", std::move(plan), *database_, notifier_,
                                          clock_);
  }

  // Appends events and moves them into the feed.
  void Publish(const std::string& customer_id, int count) {
    ASSERT_EQ(database_->RunInTransaction(
                  {}, [&](sql::Tx& tx) { return AppendNumbered(tx, customer_id, count); }),
              absl::OkStatus());
    bool has_more = true;
    while (has_more) {
      const absl::StatusOr<MoveResult> moved = mover_.Move();
      ASSERT_TRUE(moved.ok()) << moved.status();
      has_more = moved->has_more;
    }
    notifier_.Notify();
  }

  // Expects the session to send something, and returns it.
  WatchEventsResponse NextSent(WatchSession& session, bool draining = false) {
    WatchEventsResponse response;
    const absl::StatusOr<rpc::StreamStep> step = session.Next(response, draining);
    EXPECT_TRUE(step.ok()) << step.status();
    EXPECT_TRUE(step.ok() && step->kind == Kind::kSend);
    return response;
  }

  rpc::StreamStep NextSilent(WatchSession& session) {
    WatchEventsResponse response;
    const absl::StatusOr<rpc::StreamStep> step = session.Next(response, false);
    EXPECT_TRUE(step.ok()) << step.status();
    EXPECT_TRUE(step.ok() && step->kind != Kind::kSend);
    return step.ok() ? *step : rpc::StreamStep{.kind = Kind::kEnd};
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  std::unique_ptr<sql::Database> database_ = OpenFreshSqlite();
  FeedNotifier notifier_;
  OutboxMover mover_{*database_, clock_, "local", absl::Seconds(3600), 1000};
};

TEST_F(WatchSessionTest, SaysAtOnceThatAnEmptyFeedIsEmpty) {
  const auto session = Watch({});
  const WatchEventsResponse first = NextSent(*session);
  EXPECT_EQ(first.events_size(), 0);
  EXPECT_EQ(first.heads_size(), kPartitionCount);
  EXPECT_TRUE(first.caught_up());
  EXPECT_EQ(NextSilent(*session).wait_max, absl::Seconds(10));
}

TEST_F(WatchSessionTest, CatchesUpThenFollows) {
  Publish("c-1", 3);
  const auto session = Watch({});
  const WatchEventsResponse first = NextSent(*session);
  ASSERT_EQ(first.events_size(), 3);
  EXPECT_TRUE(first.caught_up());
  EXPECT_EQ(first.events(0).id(), "c-1#1");
  EXPECT_EQ(first.events(0).source(), "clientele/profile");
  EXPECT_EQ(first.events(0).spec_version(), "1.0");
  EXPECT_EQ(first.events(0).data().type_url(), "type.googleapis.com/clientele.test.Happened");
  EXPECT_EQ(first.events(2).position(), 3);
  EXPECT_EQ(NextSilent(*session).kind, Kind::kWait);
  Publish("c-1", 1);
  EXPECT_EQ(NextSent(*session).events(0).id(), "c-1#4");
}

TEST_F(WatchSessionTest, WakesWhenTheFeedGrows) {
  const auto session = Watch({});
  int woken = 0;
  session->SetWaker([&] { ++woken; });
  Publish("c-1", 1);
  EXPECT_EQ(woken, 1);
}

TEST_F(WatchSessionTest, SendsAHeartbeatAfterEachSilentInterval) {
  const auto session = Watch({});
  NextSent(*session);
  clock_.Advance(absl::Seconds(9));
  EXPECT_EQ(NextSilent(*session).wait_max, absl::Seconds(1));
  clock_.Advance(absl::Seconds(1));
  const WatchEventsResponse heartbeat = NextSent(*session);
  EXPECT_EQ(heartbeat.events_size(), 0);
  EXPECT_EQ(heartbeat.heads_size(), kPartitionCount);
  EXPECT_EQ(NextSilent(*session).wait_max, absl::Seconds(10));
}

TEST_F(WatchSessionTest, ResumesAnywhereWithoutLossOrRepetition) {
  std::map<std::string, int64_t> counts;
  for (int i = 0; i < 40; ++i) {
    Publish(absl::StrCat("customer-", i), 30);
    counts[absl::StrCat("customer-", i)] = 30;
  }
  std::vector<FeedEvent> seen;
  std::string token;
  for (bool caught_up = false; !caught_up;) {
    // A new stream for every message: each token must lead on from exactly there.
    const auto session = Watch({.after = DecodeResumeToken("profile", token).value()});
    const WatchEventsResponse response = NextSent(*session);
    for (const auto& event : response.events()) {
      seen.push_back({event.partition(),
                      event.position(),
                      {.event_id = event.id(),
                       .customer_id = event.customer_id(),
                       .feed_seq = event.feed_seq()}});
    }
    token = response.next_resume_token();
    caught_up = response.caught_up();
  }
  EXPECT_EQ(seen.size(), 1200u);
  ExpectFeedHolds(seen, counts);
}

TEST_F(WatchSessionTest, MovesTheTokenPastTypesNotAskedFor) {
  Publish("c-1", 5000);
  const auto session = Watch({.types = {"another.type.v1"}});
  EXPECT_EQ(NextSilent(*session).wait_max, absl::ZeroDuration()) << "there is more to look at";
  const WatchEventsResponse response = NextSent(*session);
  EXPECT_EQ(response.events_size(), 0);
  EXPECT_TRUE(response.caught_up());
  const Positions next = DecodeResumeToken("profile", response.next_resume_token()).value();
  EXPECT_EQ(next[PartitionOf("c-1")], 5000);
}

TEST_F(WatchSessionTest, SendsHeartbeatsWhileItLooksForItsFirstMatch) {
  Publish("c-1", 9000);
  const auto session = Watch({.types = {"another.type.v1"}});
  NextSilent(*session);
  clock_.Advance(absl::Seconds(10));
  const WatchEventsResponse heartbeat = NextSent(*session);
  EXPECT_EQ(heartbeat.events_size(), 0);
  EXPECT_FALSE(heartbeat.caught_up()) << "the search must not have ended by itself";
  const Positions next = DecodeResumeToken("profile", heartbeat.next_resume_token()).value();
  EXPECT_GT(next[PartitionOf("c-1")], 0) << "what was looked at is not looked at again";
}

TEST_F(WatchSessionTest, WatchesOnlyThePartitionsAskedFor) {
  Publish("c-1", 1);
  const int other = (PartitionOf("c-1") + 1) % kPartitionCount;
  const auto session = Watch({.partitions = PartitionSet().set(other)});
  const WatchEventsResponse response = NextSent(*session);
  EXPECT_EQ(response.events_size(), 0);
  EXPECT_TRUE(response.caught_up());
  EXPECT_EQ(response.heads_size(), kPartitionCount) << "also those of the others";
}

TEST_F(WatchSessionTest, EndsAtTheHeadsAsTheyWereAtTheStart) {
  Publish("c-1", 501);
  const auto session = Watch({.stop_at_head = true});
  EXPECT_EQ(NextSent(*session).events_size(), 500);
  Publish("c-1", 10);
  const WatchEventsResponse last = NextSent(*session);
  EXPECT_EQ(last.events_size(), 1);
  EXPECT_TRUE(last.caught_up());  // with those heads, however far the feed has come meanwhile
  EXPECT_EQ(NextSilent(*session).kind, Kind::kEnd);
}

TEST_F(WatchSessionTest, EndsAtOnceAtTheHeadOfAnEmptyFeed) {
  const auto session = Watch({.stop_at_head = true});
  EXPECT_TRUE(NextSent(*session).caught_up());
  EXPECT_EQ(NextSilent(*session).kind, Kind::kEnd);
}

TEST_F(WatchSessionTest, LeavesATokenWhenTheServerDrains) {
  Publish("c-1", 2);
  const auto session = Watch({});
  const std::string token = NextSent(*session).next_resume_token();
  Publish("c-1", 2);
  const WatchEventsResponse last = NextSent(*session, /*draining=*/true);
  EXPECT_EQ(last.events_size(), 0);
  EXPECT_EQ(last.next_resume_token(), token);
  EXPECT_EQ(NextSilent(*session).kind, Kind::kEnd);
}

TEST_F(WatchSessionTest, RefusesATokenAheadOfTheFeed) {
  Positions ahead{};
  ahead[0] = 1;
  const auto session = Watch({.after = ahead});
  WatchEventsResponse response;
  EXPECT_EQ(GetErrorReason(session->Next(response, false).status()), "INVALID_RESUME_TOKEN");
}

TEST_F(WatchSessionTest, EndsWithAnAlarmAtAHole) {
  Publish("c-1", 3);
  const sql::Statement remove{"Remove", "DELETE FROM feed WHERE position = 2"};
  ASSERT_EQ(
      database_->RunInTransaction({}, [&](sql::Tx& tx) { return tx.Execute(remove, {}).status(); }),
      absl::OkStatus());
  const auto session = Watch({});
  WatchEventsResponse response;
  const absl::Status status = session->Next(response, false).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(GetErrorReason(status), "FEED_HOLE");
}

TEST_F(WatchSessionTest, EndsInTheMiddleOfAStreamWhenTheRestIsNoLongerKept) {
  Publish("c-1", kReadEventsMax + 2);
  const auto session = Watch({});
  EXPECT_EQ(NextSent(*session).events_size(), kReadEventsMax);
  EXPECT_EQ(TrimFeed(*database_, {.keep = absl::ZeroDuration()}).value(), kReadEventsMax + 1);
  WatchEventsResponse response;
  const absl::Status status = session->Next(response, false).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(GetErrorReason(status), "RESUME_TOKEN_EXPIRED");
}

TEST_F(WatchSessionTest, KeepsForARegisteredConsumerWhatItsTokenHasNot) {
  Publish("c-1", 5);
  Positions durable{};
  durable[PartitionOf("c-1")] = 2;
  const auto session = Watch({.after = durable, .consumer = "reader"});
  EXPECT_EQ(NextSent(*session).events_size(), 3);
  EXPECT_EQ(TrimFeed(*database_, {.keep = absl::ZeroDuration()}).value(), 2)
      << "what was sent is not yet durable at the reader";
  durable[PartitionOf("c-1")] = 4;
  const auto next_session = Watch({.after = durable, .consumer = "reader"});
  EXPECT_EQ(NextSent(*next_session).events_size(), 1);
  EXPECT_EQ(TrimFeed(*database_, {.keep = absl::ZeroDuration()}).value(), 2);
}

TEST_F(WatchSessionTest, RegistersNobodyWhoseTokenIsRefused) {
  Positions ahead{};
  ahead[0] = 1;
  const auto session = Watch({.after = ahead, .consumer = "reader"});
  WatchEventsResponse response;
  EXPECT_FALSE(session->Next(response, false).ok());
  EXPECT_TRUE(sql::ReadIn(*database_, {}, ListRegisteredConsumers)->empty());
}

}  // namespace
}  // namespace clientele::feed
