#ifndef COMMON_FEED_TESTING_FEED_RETENTION_CONTRACT_H_
#define COMMON_FEED_TESTING_FEED_RETENTION_CONTRACT_H_

// The fixture of feed_store_retention_contract.cc, instantiated as FeedStoreContract is.

#include <string>

#include "common/feed/feed_trimmer.h"
#include "common/feed/registered_consumers.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/sql/transaction.h"

namespace clientele::feed {

// A feed with events of one customer, so of one partition.
class FeedRetentionContract : public FeedStoreContract {
 protected:
  // Puts `count` more events into the feed.
  void Publish(int count) {
    Append(kCustomer, count);
    OutboxMover mover = MakeMover("a");
    MoveAll(mover);
  }

  // Answers how many events it deleted.
  int64_t Trim(absl::Duration keep) {
    const absl::StatusOr<int64_t> deleted =
        TrimFeed(*database_, {.keep = keep, .consumer_silence_max = absl::Hours(1)});
    EXPECT_TRUE(deleted.ok()) << deleted.status();
    return deleted.value_or(-1);
  }

  void Register(const std::string& name, int64_t position) {
    Positions positions{};
    positions[kPartition] = position;
    PartitionSet partitions;
    partitions.set(kPartition);
    Commit([&](sql::Tx& tx) { return RegisterConsumer(tx, name, partitions, positions); });
  }

  absl::StatusOr<FeedPage> ReadAfter(int64_t position) {
    FeedRead read;
    read.after[kPartition] = position;
    return Read(read);
  }

  int64_t Oldest() { return sql::ReadIn(*database_, {}, ReadFeedBounds)->oldest[kPartition]; }

  const std::string kCustomer = "c-1";
  const std::string kOtherCustomer = "c-2";  // of another partition
  const int kPartition = PartitionOf(kCustomer);
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_FEED_RETENTION_CONTRACT_H_
