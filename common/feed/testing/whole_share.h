#ifndef COMMON_FEED_TESTING_WHOLE_SHARE_H_
#define COMMON_FEED_TESTING_WHOLE_SHARE_H_

// A consumer's positions for tests that have one process and no need of shares.

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/feed/consumer_positions.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"
#include "common/status/macros.h"

namespace clientele::feed {

// The same fence for every group.
inline GroupFences WholeShare(int64_t fence) {
  GroupFences fences;
  fences.fill(fence);
  return fences;
}

// ClaimConsumerPositions for every group.
inline absl::StatusOr<Positions> ClaimWholeShare(sql::Tx& tx, absl::string_view source,
                                                 int64_t fence) {
  ConsumerPlace place;
  for (int g = 0; g < PartitionGroup::kCount; ++g) {
    CLIENTELE_RETURN_IF_ERROR(ClaimConsumerPositions(tx, source, {g}, fence, place));
  }
  return place.positions;
}

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_WHOLE_SHARE_H_
