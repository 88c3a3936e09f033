#include "common/feed/feed_trimmer.h"

#include <algorithm>

#include "common/feed/errors.h"
#include "common/feed/feed_reader.h"
#include "common/feed/limits.h"
#include "common/feed/positions.h"
#include "common/feed/registered_consumers.h"
#include "common/feed/sql.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

// The first position of `partition` that somebody still needs.
absl::StatusOr<int64_t> FirstNeeded(sql::Tx& tx, int partition, int64_t head) {
  int64_t first_needed = head;
  CLIENTELE_ASSIGN_OR_RETURN(const auto consumers, ListRegisteredConsumers(tx));
  for (const RegisteredConsumer& consumer : consumers) {
    if (consumer.partitions[partition]) {
      first_needed = std::min(first_needed, consumer.positions[partition] + 1);
    }
  }
  return first_needed;
}

// The first position from `oldest` on that must stay: it is needed, recorded at or after `cutoff`,
// or one batch away.
absl::StatusOr<int64_t> FirstToKeep(sql::Tx& tx, int partition, int64_t oldest, int64_t needed,
                                    absl::Time cutoff) {
  int64_t first_to_keep = oldest;
  bool is_old = true;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectFeedTimes, {int64_t{partition}, oldest, needed, int64_t{kTrimBatchMax}},
               [&](const sql::Row& row) {
                 is_old = is_old && absl::FromUnixMicros(row.Int64(1)) < cutoff;
                 if (is_old && row.Int64(0) != first_to_keep) {
                   return FeedHole(partition, first_to_keep);
                 }
                 first_to_keep += is_old ? 1 : 0;
                 return absl::OkStatus();
               }));
  return first_to_keep;
}

// One transaction; answers how many events it deleted.
absl::StatusOr<int64_t> TrimSome(sql::Tx& tx, int partition, absl::Duration keep) {
  CLIENTELE_ASSIGN_OR_RETURN(const absl::Time now, tx.DatabaseTime());
  CLIENTELE_ASSIGN_OR_RETURN(const FeedBounds bounds, ReadFeedBounds(tx));
  const int64_t oldest = bounds.oldest[partition];
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t needed,
                             FirstNeeded(tx, partition, bounds.heads[partition]));
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t first_to_keep,
                             FirstToKeep(tx, partition, oldest, needed, now - keep));
  if (first_to_keep == oldest) {
    return 0;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t moved,
                             tx.Execute(kMoveTail, {first_to_keep, int64_t{partition}, oldest}));
  if (moved == 0) {
    return 0;  // another process trims this partition
  }
  return tx.Execute(kTrimFeed, {int64_t{partition}, first_to_keep});
}

}  // namespace

absl::StatusOr<int64_t> TrimFeed(sql::Database& database, const FeedRetention& retention) {
  CLIENTELE_RETURN_IF_ERROR(database.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) {
    return ForgetSilentConsumers(tx, retention.consumer_silence_max);
  }));
  int64_t deleted_count = 0;
  int transactions_left = retention.keep == absl::InfiniteDuration() ? 0 : kTrimTransactionsMax;
  PartitionSet partitions = AllPartitions();
  for (int p = 0; partitions.any() && transactions_left > 0; p = (p + 1) % kPartitionCount) {
    if (partitions[p]) {
      CLIENTELE_ASSIGN_OR_RETURN(const int64_t deleted,
                                 sql::WriteIn(database, sql::BackgroundTx(), [&](sql::Tx& tx) {
                                   return TrimSome(tx, p, retention.keep);
                                 }));
      partitions.set(p, deleted == kTrimBatchMax);
      deleted_count += deleted;
      --transactions_left;
    }
  }
  return deleted_count;
}

}  // namespace clientele::feed
