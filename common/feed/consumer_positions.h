#ifndef COMMON_FEED_CONSUMER_POSITIONS_H_
#define COMMON_FEED_CONSUMER_POSITIONS_H_

// Where a consumer stands in a feed, stored in its own database, in the transaction of the effect.
//
// Thread safety: pure functions over a transaction.

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"

namespace clientele::feed {

// By group: the fence of the lease this process has, 0 = it has none.
using GroupFences = std::array<int64_t, PartitionGroup::kCount>;

// By partition: where the consumer's export goes on; empty = it is in none.
using ExportPageTokens = std::array<std::string, kPartitionCount>;

// Where a consumer stands, partition by partition.
struct ConsumerPlace {
  Positions positions{};  // in an export: as before it
  ExportPageTokens page_tokens;
};

// Takes the positions of a group of the partitions of `source` ("profile") over with a lease's
// `fence`, so that whoever held them before can no longer move them, and reads them into `place`;
// the first time they are 0. ABORTED (FenceLost) when a higher fence is there already.
absl::Status ClaimConsumerPositions(sql::Tx& tx, absl::string_view source, PartitionGroup group,
                                    int64_t fence, ConsumerPlace& place);

// The stored positions of `source`, 0 where there are none.
absl::StatusOr<Positions> ReadConsumerPositions(sql::Tx& tx, absl::string_view source);

// Whether a partition of `source` is in an export that is not through, at any replica.
absl::StatusOr<bool> IsInExport(sql::Tx& tx, absl::string_view source);

// Moves the positions that differ from `from` to `to`, each by compare-and-set on the old position
// and its group's fence. ABORTED (FenceLost) when somebody else has moved or claimed one: roll
// back.
absl::Status MoveConsumerPositions(sql::Tx& tx, absl::string_view source, const Positions& from,
                                   const Positions& to, const GroupFences& fences);

// The same for the places of `partitions` in an export, which go from `from` to `to`, by
// compare-and-set on the old page token, the old position and the fence.
absl::Status MoveExportPlaces(sql::Tx& tx, absl::string_view source, const PartitionSet& partitions,
                              const ConsumerPlace& from, const ConsumerPlace& to,
                              const GroupFences& fences);

}  // namespace clientele::feed

#endif  // COMMON_FEED_CONSUMER_POSITIONS_H_
