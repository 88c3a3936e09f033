// What a feed deletes and what it keeps for whom.

#include "common/feed/errors.h"
#include "common/feed/limits.h"
#include "common/feed/registered_consumers.h"
#include "common/feed/testing/feed_retention_contract.h"
#include "common/status/error.h"

namespace clientele::feed {
namespace {

constexpr sql::Statement kSilence{"Silence", "UPDATE feed_consumer SET seen_time = seen_time - $1"};

// Longer than the events of MakeEvent, of 2023, are old.
constexpr absl::Duration kLonger = absl::Hours(24 * 366 * 100);

TEST_P(FeedRetentionContract, KeepsEverythingForEverByDefault) {
  Publish(3);
  EXPECT_EQ(TrimFeed(*database_, {}).value(), 0);
  EXPECT_EQ(ReadAfter(0)->events.size(), 3u);
}

TEST_P(FeedRetentionContract, KeepsWhatIsYoungerThanTheRetention) {
  Publish(3);
  EXPECT_EQ(Trim(kLonger), 0);
  EXPECT_EQ(ReadAfter(0)->events.size(), 3u);
}

TEST_P(FeedRetentionContract, StopsAtTheFirstYoungEventSoThatNothingIsMissingBetween) {
  Publish(5);
  Tamper(absl::StrCat("UPDATE feed SET record_time = ", absl::ToUnixMicros(absl::Now()),
                      " WHERE position = 3"));
  EXPECT_EQ(Trim(absl::Hours(1)), 2);
  EXPECT_EQ(Oldest(), 3);
  EXPECT_EQ(ReadAfter(2)->events.size(), 3u);
}

TEST_P(FeedRetentionContract, TellsReadersOfDeletedPositionsSo) {
  Publish(5);
  EXPECT_EQ(Trim(absl::ZeroDuration()), 4) << "the last event stays";
  const absl::Status expired = ReadAfter(3).status();
  EXPECT_EQ(expired.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(GetErrorReason(expired), "RESUME_TOKEN_EXPIRED");
  const auto metadata = GetErrorDetails(expired)->metadata;
  EXPECT_EQ(metadata.at("partition"), absl::StrCat(kPartition));
  EXPECT_EQ(metadata.at("wanted_position"), "4");
  EXPECT_EQ(metadata.at("oldest_position"), "5");
  EXPECT_EQ(ReadAfter(4)->events.size(), 1u);
  EXPECT_TRUE(ReadAfter(5)->caught_up);

  FeedRead elsewhere;
  elsewhere.partitions.reset(kPartition);
  EXPECT_EQ(Read(elsewhere).status(), absl::OkStatus()) << "only what is asked for counts";
}

TEST_P(FeedRetentionContract, NamesEveryPartitionWhoseEventsAreGone) {
  Publish(5);
  Append(kOtherCustomer, 1);
  Publish(1);
  EXPECT_EQ(Trim(absl::ZeroDuration()), 5) << "the last event of each stays";
  Append(kOtherCustomer, 2);
  Publish(0);
  EXPECT_EQ(Trim(absl::ZeroDuration()), 2);
  FeedRead read;
  const PartitionSet both = PartitionSet().set(kPartition).set(PartitionOf(kOtherCustomer));
  EXPECT_EQ(ExpiredPartitions(Read(read).status()), both);
  read.after[kPartition] = 5;
  EXPECT_EQ(ExpiredPartitions(Read(read).status()), both & ~PartitionSet().set(kPartition));
  EXPECT_EQ(ExpiredPartitions(absl::OutOfRangeError("of something else")), PartitionSet());
}

TEST_P(FeedRetentionContract, NeverGivesAPositionOutTwice) {
  Publish(5);
  EXPECT_EQ(Trim(absl::ZeroDuration()), 4);
  Publish(1);
  EXPECT_EQ(Trim(absl::ZeroDuration()), 1);
  EXPECT_EQ(ReadAfter(5)->events.front().position, 6);
  EXPECT_EQ(Trim(absl::ZeroDuration()), 0);
}

TEST_P(FeedRetentionContract, StillStopsAtAHoleAboveTheOldestPosition) {
  Publish(9);
  Tamper(absl::StrCat("UPDATE feed SET record_time = ", absl::ToUnixMicros(absl::Now()),
                      " WHERE position = 4"));
  EXPECT_EQ(Trim(absl::Hours(1)), 3);
  Tamper("DELETE FROM feed WHERE position = 4");
  EXPECT_EQ(GetErrorReason(ReadAfter(3).status()), "FEED_HOLE") << "the oldest one is missing";
  EXPECT_EQ(GetErrorReason(TrimFeed(*database_, {.keep = absl::ZeroDuration()}).status()),
            "FEED_HOLE")
      << "what shows the hole must stay";
  EXPECT_EQ(ReadAfter(4)->events.size(), 5u);
}

TEST_P(FeedRetentionContract, KeepsWhatARegisteredConsumerHasNotHad) {
  Publish(9);
  Register("slow", 3);
  Register("quick", 8);
  EXPECT_EQ(Trim(absl::ZeroDuration()), 3);
  EXPECT_EQ(ReadAfter(3)->events.size(), 6u);
  Register("slow", 7);
  EXPECT_EQ(Trim(absl::ZeroDuration()), 4);
  EXPECT_EQ(Oldest(), 8);
}

TEST_P(FeedRetentionContract, ForgetsAConsumerThatIsSilentForTooLong) {
  Publish(9);
  Register("dead", 3);
  Commit([](sql::Tx& tx) {
    return tx.Execute(kSilence, {absl::ToInt64Microseconds(absl::Minutes(61))}).status();
  });
  Register("alive", 5);
  EXPECT_EQ(Trim(absl::ZeroDuration()), 5);
  const auto consumers = sql::ReadIn(*database_, {}, ListRegisteredConsumers).value();
  ASSERT_EQ(consumers.size(), 1u);
  EXPECT_EQ(consumers[0].name, "alive");
  EXPECT_EQ(consumers[0].positions[kPartition], 5);
  EXPECT_EQ(consumers[0].partitions.count(), 1u);
}

TEST_P(FeedRetentionContract, ForgetsSilentConsumersAlsoWhenNothingIsDeleted) {
  Register("dead", 3);
  Commit([](sql::Tx& tx) {
    return tx.Execute(kSilence, {absl::ToInt64Microseconds(absl::Minutes(61))}).status();
  });
  EXPECT_EQ(Trim(absl::InfiniteDuration()), 0);
  EXPECT_TRUE(sql::ReadIn(*database_, {}, ListRegisteredConsumers)->empty());
}

TEST_P(FeedRetentionContract, RegistersNoMoreConsumersThanItCanKeepEventsFor) {
  for (int i = 0; i < kFeedConsumersMax; ++i) {
    Register(absl::StrCat("reader-", i), 0);
  }
  const absl::Status refused = database_->RunInTransaction({}, [](sql::Tx& tx) {
    return RegisterConsumer(tx, "one-more", AllPartitions(), Positions{});
  });
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorReason(refused), "TOO_MANY_FEED_CONSUMERS");
  Register("reader-7", 4);  // one that is there already goes on
}

TEST_P(FeedRetentionContract, DeletesInBoundedRounds) {
  constexpr int kEventCount = 2 * kTrimBatchMax + 7;
  Publish(kEventCount);
  EXPECT_EQ(Trim(absl::ZeroDuration()), kEventCount - 1);
  EXPECT_EQ(Oldest(), kEventCount);
}

}  // namespace
}  // namespace clientele::feed
