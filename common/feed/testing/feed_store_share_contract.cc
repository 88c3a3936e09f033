// How processes of a consumer share its partitions.

#include <memory>
#include <string>
#include <vector>

#include "common/feed/consumer_share.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/feed/testing/whole_share.h"
#include "common/sql/transaction.h"

namespace clientele::feed {
namespace {

// A process and what it has.
struct Process {
  Process(const std::string& name, const Clock& clock)
      : share("profile", name, absl::Minutes(1), clock) {}

  absl::Status Refresh(sql::Database& database) {
    const absl::StatusOr<Share> refreshed =
        sql::WriteIn(database, {}, [this](sql::Tx& tx) { return share.Refresh(tx, held); });
    held = refreshed.ok() ? *refreshed : Share{};
    return refreshed.status();
  }

  size_t partition_count() const { return held.partitions().count(); }

  ConsumerShare share;
  Share held;
};

void ExpireEverybody(sql::Database& database) {
  for (const sql::Statement& expire : {kExpireMembers, kExpireLeases}) {
    ASSERT_EQ(
        database.RunInTransaction({}, [&](sql::Tx& tx) { return tx.Execute(expire, {}).status(); }),
        absl::OkStatus());
  }
}

TEST_P(FeedStoreContract, GivesEveryProcessAFairShareOfTheFeed) {
  const std::vector<std::vector<size_t>> fair = {
      {16}, {8, 8}, {8, 4, 4}, {4, 4, 4, 4}, {4, 4, 4, 4, 0}};
  std::vector<std::unique_ptr<Process>> processes;
  for (const std::vector<size_t>& wanted_counts : fair) {
    const std::string name = absl::StrCat("process-", processes.size());
    processes.push_back(std::make_unique<Process>(name, clock_));
    // Once to tell of the new one, twice to hand over.
    for (int round = 0; round < 2; ++round) {
      for (const auto& process : processes) {
        ASSERT_EQ(process->Refresh(*database_), absl::OkStatus());
      }
    }
    for (const auto& process : processes) {
      ASSERT_EQ(process->Refresh(*database_), absl::OkStatus());
    }
    std::vector<size_t> counts;
    PartitionSet all;
    for (const auto& process : processes) {
      counts.push_back(process->partition_count());
      EXPECT_TRUE((all & process->held.partitions()).none());
      all |= process->held.partitions();
    }
    EXPECT_EQ(counts, wanted_counts);
    EXPECT_TRUE(all.all());
  }
}

TEST_P(FeedStoreContract, HandsPositionsOverWithTheirPartitions) {
  Process first("first", clock_);
  Process second("second", clock_);
  ASSERT_EQ(first.Refresh(*database_), absl::OkStatus());
  Positions to{};
  to[4] = 7;
  Commit([&](sql::Tx& tx) {
    return MoveConsumerPositions(tx, "profile", first.held.place.positions, to, first.held.fences);
  });
  first.held.place.positions = to;
  ASSERT_EQ(second.Refresh(*database_), absl::OkStatus());
  EXPECT_EQ(second.partition_count(), 0u) << "before the first one lets go";
  ASSERT_EQ(first.Refresh(*database_), absl::OkStatus());
  EXPECT_EQ(first.partition_count(), 8u);
  EXPECT_EQ(first.held.place.positions, Positions{}) << "what is another's is not known here";
  ASSERT_EQ(second.Refresh(*database_), absl::OkStatus());
  EXPECT_EQ(second.partition_count(), 8u);
  EXPECT_EQ(second.held.place.positions[4], 7);
}

TEST_P(FeedStoreContract, TakesOverAtOnceFromAProcessThatLeaves) {
  Process first("first", clock_);
  Process second("second", clock_);
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(first.Refresh(*database_), absl::OkStatus());
    ASSERT_EQ(second.Refresh(*database_), absl::OkStatus());
  }
  Commit([&](sql::Tx& tx) { return first.share.Leave(tx, first.held); });
  ASSERT_EQ(second.Refresh(*database_), absl::OkStatus());
  EXPECT_EQ(second.partition_count(), 16u);
}

TEST_P(FeedStoreContract, TakesOverFromTheDeadAndIgnoresThemWhenTheyWakeUp) {
  Process dead("dead", clock_);
  Process alive("alive", clock_);
  ASSERT_EQ(dead.Refresh(*database_), absl::OkStatus());
  ExpireEverybody(*database_);
  ASSERT_EQ(alive.Refresh(*database_), absl::OkStatus());
  EXPECT_EQ(alive.partition_count(), 16u);

  Positions to{};
  to[0] = 1;
  const absl::Status late = database_->RunInTransaction({}, [&](sql::Tx& tx) {
    return MoveConsumerPositions(tx, "profile", dead.held.place.positions, to, dead.held.fences);
  });
  EXPECT_EQ(late.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(dead.Refresh(*database_).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(dead.Refresh(*database_), absl::OkStatus()) << "it begins anew with nothing";
  EXPECT_EQ(dead.partition_count(), 0u);
}

TEST_P(FeedStoreContract, KeepsAShareThatRanOutWhileNobodyElseWantedIt) {
  Process only("only", clock_);
  ASSERT_EQ(only.Refresh(*database_), absl::OkStatus());
  const GroupFences fences = only.held.fences;
  ExpireEverybody(*database_);
  ASSERT_EQ(only.Refresh(*database_), absl::OkStatus());
  EXPECT_EQ(only.held.fences, fences);
}

TEST_P(FeedStoreContract, MovesPositionsOfOneGroupUnderItsOwnFence) {
  Positions to{};
  to[0] = 1;
  to[15] = 1;
  Commit([&](sql::Tx& tx) { return ClaimWholeShare(tx, "profile", 1).status(); });
  Commit([&](sql::Tx& tx) {
    ConsumerPlace place;
    return ClaimConsumerPositions(tx, "profile", PartitionGroup::Of(15), 2, place);
  });
  const absl::Status both = database_->RunInTransaction({}, [&](sql::Tx& tx) {
    return MoveConsumerPositions(tx, "profile", Positions{}, to, WholeShare(1));
  });
  EXPECT_EQ(both.code(), absl::StatusCode::kAborted) << "one of the two is another's";
  Commit([&](sql::Tx& tx) {
    GroupFences fences = WholeShare(1);
    fences.at(PartitionGroup::Of(15).number) = 2;
    return MoveConsumerPositions(tx, "profile", Positions{}, to, fences);
  });
}

}  // namespace
}  // namespace clientele::feed
