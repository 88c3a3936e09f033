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

// The partitions that change hands together when the processes of a consumer share a feed: four
// neighbours. Few groups make few leases; four of them are a fair share for up to four processes.
struct PartitionGroup {
  static constexpr int kCount = 4;

  int number = 0;  // 0..kCount - 1

  int first() const { return number * (kPartitionCount / kCount); }
  int last() const { return first() + kPartitionCount / kCount - 1; }
  static PartitionGroup Of(int partition) { return {partition / (kPartitionCount / kCount)}; }
};

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

// How many events of `partitions` lie between `positions` and `heads`; a partition that is ahead
// counts as 0.
inline int64_t LagCount(const Positions& positions, const Positions& heads,
                        const PartitionSet& partitions) {
  int64_t lag_count = 0;
  for (int p = 0; p < kPartitionCount; ++p) {
    lag_count += partitions[p] && heads[p] > positions[p] ? heads[p] - positions[p] : 0;
  }
  return lag_count;
}

}  // namespace clientele::feed

#endif  // COMMON_FEED_POSITIONS_H_
