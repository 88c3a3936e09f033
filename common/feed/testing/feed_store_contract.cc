#include "common/feed/testing/feed_store_contract.h"

#include <set>

#include "common/feed/consumer_positions.h"
#include "common/feed/lease.h"
#include "common/feed/limits.h"
#include "common/feed/testing/whole_share.h"
#include "common/status/error.h"

namespace clientele::feed {
namespace {

// A customer of each partition, by number.
std::string CustomerOf(int partition) {
  for (int i = 0;; ++i) {
    std::string id = absl::StrCat("customer-", i);
    if (PartitionOf(id) == partition) {
      return id;
    }
  }
}

TEST_P(FeedStoreContract, MovesAnEventWithEverythingItHas) {
  OutboxEvent sent = MakeEvent("c-1", 1);
  sent.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  Commit([&](sql::Tx& tx) { return AppendToOutbox(tx, {&sent, 1}); });
  OutboxMover mover = MakeMover("a");
  MoveAll(mover);

  const std::vector<FeedEvent> events = ReadWholeFeed(*database_);
  ASSERT_EQ(events.size(), 1u);
  const OutboxEvent& got = events[0].event;
  EXPECT_EQ(events[0].position, 1);
  EXPECT_EQ(got.event_id, sent.event_id);
  EXPECT_EQ(got.type, sent.type);
  EXPECT_EQ(got.subject, sent.subject);
  EXPECT_EQ(got.customer_id, sent.customer_id);
  EXPECT_EQ(got.feed_seq, sent.feed_seq);
  EXPECT_EQ(got.occur_time, sent.occur_time);
  EXPECT_EQ(got.record_time, sent.record_time);
  EXPECT_EQ(got.data_type, sent.data_type);
  EXPECT_EQ(got.data, sent.data);
  EXPECT_EQ(got.traceparent, sent.traceparent);
}

TEST_P(FeedStoreContract, AppendsNothingWhenTheWriteRollsBack) {
  const absl::Status status = database_->RunInTransaction({}, [](sql::Tx& tx) {
    const absl::Status appended = AppendNumbered(tx, "c-1", 3);
    return appended.ok() ? absl::FailedPreconditionError("refused") : appended;
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  OutboxMover mover = MakeMover("a");
  EXPECT_FALSE(mover.HasWork().value());
  MoveAll(mover);
  EXPECT_TRUE(ReadWholeFeed(*database_).empty());
}

TEST_P(FeedStoreContract, RefusesASecondEventWithTheSameNumber) {
  const std::vector<OutboxEvent> events = {MakeEvent("c-1", 1), MakeEvent("c-1", 1)};
  EXPECT_FALSE(
      database_->RunInTransaction({}, [&](sql::Tx& tx) { return AppendToOutbox(tx, events); })
          .ok());
}

TEST_P(FeedStoreContract, KeepsACustomersOrderAcrossBatches) {
  std::map<std::string, int64_t> counts;
  OutboxMover mover = MakeMover("a", 3);
  for (int round = 0; round < 4; ++round) {
    for (int c = 0; c < 5; ++c) {
      const std::string customer_id = absl::StrCat("customer-", c);
      Append(customer_id, c + 1);
      counts[customer_id] += c + 1;
    }
    ASSERT_TRUE(mover.Move().ok());  // stops inside a customer, then more is appended
  }
  MoveAll(mover);
  EXPECT_FALSE(mover.HasWork().value());
  ExpectFeedHolds(ReadWholeFeed(*database_), counts);
}

TEST_P(FeedStoreContract, ServesEveryCustomerWhileTheFirstKeepsWriting) {
  OutboxMover mover = MakeMover("a", 2);
  Append("z-last", 1);
  for (int round = 0; round < 4; ++round) {
    Append("a-first", 2);
    ASSERT_TRUE(mover.Move().ok());
  }
  std::set<std::string> seen;
  for (const FeedEvent& event : ReadWholeFeed(*database_)) {
    seen.insert(event.event.customer_id);
  }
  EXPECT_TRUE(seen.contains("z-last"));
}

TEST_P(FeedStoreContract, StopsAMoverWhoseFenceWasTaken) {
  OutboxMover slow = MakeMover("slow");
  Append("c-1", 2);
  MoveAll(slow);
  Tamper(kExpireLeases.text);
  OutboxMover quick = MakeMover("quick");
  Append("c-1", 1);
  MoveAll(quick);
  Append("c-1", 4);

  // The loser has no reason to look at its lease: the heads carry the fence.
  const absl::StatusOr<MoveResult> lost = slow.Move();
  EXPECT_EQ(lost.status().code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(slow.HasWork().value()) << "the loser's batch must roll back";
  EXPECT_FALSE(slow.Move()->is_holder);
  clock_.Advance(absl::Seconds(11));
  MoveAll(quick);
  ExpectFeedHolds(ReadWholeFeed(*database_), {{"c-1", 7}});
}

TEST_P(FeedStoreContract, LetsTheSameHolderBeginAgainAtOnce) {
  OutboxMover before_crash = MakeMover("local");
  Append("c-1", 1);
  MoveAll(before_crash);
  Append("c-1", 1);
  OutboxMover after_crash = MakeMover("local");
  MoveAll(after_crash);
  Append("c-1", 1);
  EXPECT_FALSE(before_crash.Move().ok());
  MoveAll(after_crash);
  ExpectFeedHolds(ReadWholeFeed(*database_), {{"c-1", 3}});
}

TEST_P(FeedStoreContract, LetsAnotherHolderBeginAfterARelease) {
  OutboxMover first = MakeMover("first");
  MoveAll(first);
  OutboxMover second = MakeMover("second");
  EXPECT_FALSE(second.Move()->is_holder);
  ASSERT_EQ(first.Release(), absl::OkStatus());
  EXPECT_TRUE(second.Move()->is_holder);
}

TEST_P(FeedStoreContract, RaisesTheFenceAtEveryTakeover) {
  const Lease a("job", "a", absl::Seconds(10), clock_);
  const Lease b("job", "b", absl::Seconds(10), clock_);
  Commit([&](sql::Tx& tx) -> absl::Status {
    const LeaseGrant first = a.Acquire(tx)->value();
    EXPECT_FALSE(b.Acquire(tx)->has_value());
    EXPECT_EQ(a.Renew(tx, first.fence)->fence, first.fence);
    EXPECT_FALSE(a.IsDueForRenewal(first));
    clock_.Advance(absl::Seconds(11));
    EXPECT_TRUE(a.IsDueForRenewal(first));
    EXPECT_FALSE(b.Acquire(tx)->has_value()) << "whose clock is fast must not take it early";
    EXPECT_EQ(tx.Execute(kExpireLeases, {}).value(), 1);
    const LeaseGrant second = b.Acquire(tx)->value();
    EXPECT_GT(second.fence, first.fence);
    EXPECT_EQ(a.Renew(tx, first.fence).status().code(), absl::StatusCode::kAborted);
    EXPECT_EQ(a.Release(tx, first.fence), absl::OkStatus());
    EXPECT_FALSE(a.Acquire(tx)->has_value()) << "a release with an old fence must do nothing";
    return absl::OkStatus();
  });
}

TEST_P(FeedStoreContract, StopsAtAHoleInTheMiddle) {
  Append("c-1", 5);
  OutboxMover mover = MakeMover("a");
  MoveAll(mover);
  Tamper("DELETE FROM feed WHERE position = 3");
  const absl::StatusOr<FeedPage> page = Read({});
  EXPECT_EQ(page.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(GetErrorReason(page.status()), "FEED_HOLE");
  EXPECT_EQ(GetErrorDetails(page.status())->metadata.at("position"), "3");
}

TEST_P(FeedStoreContract, StopsAtAHoleAtTheEnd) {
  Append("c-1", 5);
  OutboxMover mover = MakeMover("a");
  MoveAll(mover);
  Tamper("DELETE FROM feed WHERE position >= 5");
  const absl::StatusOr<FeedPage> page = Read({});
  EXPECT_EQ(GetErrorReason(page.status()), "FEED_HOLE");
  EXPECT_EQ(GetErrorDetails(page.status())->metadata.at("position"), "5");
}

TEST_P(FeedStoreContract, ReadsOnlyThePartitionsAskedFor) {
  for (int p = 0; p < kPartitionCount; ++p) {
    Append(CustomerOf(p), 1);
  }
  OutboxMover mover = MakeMover("a");
  MoveAll(mover);
  FeedRead read;
  read.partitions.reset();
  read.partitions.set(3).set(7);
  const FeedPage page = Read(read).value();
  ASSERT_EQ(page.events.size(), 2u);
  EXPECT_EQ(page.events[0].partition, 3);
  EXPECT_EQ(page.events[1].partition, 7);
  EXPECT_TRUE(page.caught_up);
  EXPECT_EQ(page.next[4], 0);
  EXPECT_EQ(page.heads[4], 1);
}

TEST_P(FeedStoreContract, MovesPastTypesThatWereNotAskedFor) {
  const std::vector<OutboxEvent> events = {MakeEvent("c-1", 1, "a.v1"), MakeEvent("c-1", 2, "b.v1"),
                                           MakeEvent("c-1", 3, "c.v1")};
  Commit([&](sql::Tx& tx) { return AppendToOutbox(tx, events); });
  OutboxMover mover = MakeMover("a");
  MoveAll(mover);
  FeedRead read;
  read.types = {"b.v1"};
  const FeedPage page = Read(read).value();
  ASSERT_EQ(page.events.size(), 1u);
  EXPECT_EQ(page.events[0].position, 2);
  EXPECT_EQ(page.next[PartitionOf("c-1")], 3);
  EXPECT_TRUE(page.caught_up);
}

TEST_P(FeedStoreContract, BoundsWhatOneReadReturns) {
  Append("c-1", kReadEventsMax + 1);
  OutboxMover mover = MakeMover("a");
  MoveAll(mover);
  const FeedPage first = Read({}).value();
  EXPECT_EQ(first.events.size(), static_cast<size_t>(kReadEventsMax));
  EXPECT_FALSE(first.caught_up);
  const FeedPage second = Read({.after = first.next}).value();
  EXPECT_EQ(second.events.size(), 1u);
  EXPECT_TRUE(second.caught_up);
}

TEST_P(FeedStoreContract, BoundsTheBytesOfOneRead) {
  std::vector<OutboxEvent> events;
  for (int i = 1; i <= 5; ++i) {
    events.push_back(MakeEvent("c-1", i));
    events.back().data = std::string(kReadBytesMax / 2, 'x');
  }
  Commit([&](sql::Tx& tx) { return AppendToOutbox(tx, events); });
  OutboxMover mover = MakeMover("a");
  MoveAll(mover);
  const FeedPage page = Read({}).value();
  EXPECT_EQ(page.events.size(), 2u);
  EXPECT_FALSE(page.caught_up);
  EXPECT_EQ(Read({.after = page.next})->events.front().position, 3);
}

TEST_P(FeedStoreContract, StopsReadingAtTheGivenEnd) {
  Append("c-1", 5);
  OutboxMover mover = MakeMover("a");
  MoveAll(mover);
  Positions until{};
  until[PartitionOf("c-1")] = 2;
  const FeedPage page = Read({.until = until}).value();
  EXPECT_EQ(page.events.size(), 2u);
  EXPECT_TRUE(page.caught_up);
}

TEST_P(FeedStoreContract, MeasuresTheOutbox) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  OutboxBacklog empty{.count = -1};
  OutboxBacklog full;
  Commit([&](sql::Tx& tx) -> absl::Status {
    empty = ReadOutboxBacklog(tx, now).value();
    absl::Status appended = AppendNumbered(tx, "c-1", 7);
    full = ReadOutboxBacklog(tx, now).value();
    return appended;
  });
  EXPECT_EQ(empty.count, 0);
  EXPECT_EQ(empty.oldest_age, absl::ZeroDuration());
  EXPECT_EQ(empty.oldest_record_time, std::nullopt);
  EXPECT_EQ(full.count, 7);
  EXPECT_EQ(full.oldest_age, absl::Seconds(7));
  EXPECT_EQ(full.oldest_record_time, now - absl::Seconds(7));
}

TEST_P(FeedStoreContract, MovesConsumerPositionsOnlyFromWhereTheyAre) {
  Positions to{};
  to[2] = 10;
  Commit([&](sql::Tx& tx) -> absl::Status {
    const Positions start = ClaimWholeShare(tx, "profile", 1).value();
    EXPECT_EQ(start, Positions{});
    EXPECT_EQ(MoveConsumerPositions(tx, "profile", start, to, WholeShare(1)), absl::OkStatus());
    return absl::OkStatus();
  });
  const absl::Status again = database_->RunInTransaction({}, [&](sql::Tx& tx) {
    return MoveConsumerPositions(tx, "profile", Positions{}, to, WholeShare(1));
  });
  EXPECT_EQ(again.code(), absl::StatusCode::kAborted);
  Commit([&](sql::Tx& tx) -> absl::Status {
    EXPECT_EQ(ReadConsumerPositions(tx, "profile").value(), to);
    EXPECT_EQ(ReadConsumerPositions(tx, "another").value(), Positions{});
    return absl::OkStatus();
  });
}

TEST_P(FeedStoreContract, StopsAConsumerWhoseFenceWasTaken) {
  Positions to{};
  to[0] = 1;
  Commit([&](sql::Tx& tx) { return ClaimWholeShare(tx, "profile", 1).status(); });
  Commit([&](sql::Tx& tx) { return ClaimWholeShare(tx, "profile", 2).status(); });
  const absl::Status late = database_->RunInTransaction({}, [&](sql::Tx& tx) {
    return MoveConsumerPositions(tx, "profile", Positions{}, to, WholeShare(1));
  });
  EXPECT_EQ(late.code(), absl::StatusCode::kAborted);
  const absl::Status back = database_->RunInTransaction(
      {}, [&](sql::Tx& tx) { return ClaimWholeShare(tx, "profile", 1).status(); });
  EXPECT_EQ(back.code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace clientele::feed
