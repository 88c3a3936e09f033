#ifndef COMMON_IDS_STABLE_HASH_H_
#define COMMON_IDS_STABLE_HASH_H_

// The hash that places a key into a partition: the same for ever, on every machine and release.
//
// Stored rows and other systems' positions depend on it, so neither the algorithm nor the seed may
// ever change; a golden test pins both. It is no defence against chosen keys.
// Thread safety: pure functions.

#include <cstdint>

#include "absl/strings/string_view.h"

namespace clientele {

// How many partitions every feed has; fixed at install.
inline constexpr int kPartitionCount = 16;

// XXH64 (the published algorithm) of the bytes of `text` with seed 0.
uint64_t StableHash64(absl::string_view text);

// StableHash64(key) modulo `partition_count`, in [0, partition_count). `partition_count` > 0.
int PartitionOf(absl::string_view key, int partition_count = kPartitionCount);

}  // namespace clientele

#endif  // COMMON_IDS_STABLE_HASH_H_
