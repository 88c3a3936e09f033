#ifndef COMMON_FEED_POSITIONS_H_
#define COMMON_FEED_POSITIONS_H_

// Places in a feed: one position per partition, 0 = before the first event.
//
// Thread safety: values.

#include <array>
#include <bitset>
#include <cstdint>

#include "common/ids/stable_hash.h"

namespace clientele::feed {

using clientele::kPartitionCount;

// Index = partition.
using Positions = std::array<int64_t, kPartitionCount>;
using PartitionSet = std::bitset<kPartitionCount>;

inline PartitionSet AllPartitions() { return PartitionSet().set(); }

// Whether `positions` is at or past `target` in every partition of `partitions`.
inline bool HasReached(const Positions& positions, const Positions& target,
                       const PartitionSet& partitions) {
  for (int p = 0; p < kPartitionCount; ++p) {
    if (partitions[p] && positions[p] < target[p]) {
      return false;
    }
  }
  return true;
}

// How many events lie between `positions` and `heads`; partitions that are ahead count as 0.
inline int64_t LagCount(const Positions& positions, const Positions& heads) {
  int64_t lag_count = 0;
  for (int p = 0; p < kPartitionCount; ++p) {
    lag_count += heads[p] > positions[p] ? heads[p] - positions[p] : 0;
  }
  return lag_count;
}

}  // namespace clientele::feed

#endif  // COMMON_FEED_POSITIONS_H_
