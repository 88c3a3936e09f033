#ifndef COMMON_CACHE_MEMORY_LEVEL_H_
#define COMMON_CACHE_MEMORY_LEVEL_H_

// The first level: records in this process, for at most a second each.
//
// It can be switched off, while invalidations of other replicas would not arrive. Thread-safe;
// locks with std::mutex so that TSan can follow it.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/cache/memory_shard.h"
#include "common/cache/record.h"

namespace clientele::cache {

class MemoryLevel {
 public:
  // Never takes more than `bytes_max`, at least 64 KiB (CHECK). Begins switched on or off.
  MemoryLevel(int64_t bytes_max, bool is_on);

  // Named by what was read while it was switched on; it ends when it is switched off.
  using Generation = uint64_t;
  Generation generation() const { return generation_.load(std::memory_order_acquire); }

  // As MemoryShard; nullopt while it is off.
  std::optional<Record> Get(absl::string_view key, absl::Time now) const;

  // As MemoryShard. Also false when `generation`, taken before the record was read, has ended: an
  // invalidation of it may have been missed.
  bool Put(absl::string_view key, const Record& record, absl::Time now, Generation generation);
  void RaiseFloor(absl::string_view key, int64_t version, absl::Time until);

  // Off drops everything. Idempotent.
  void Switch(bool on);
  bool is_on() const { return IsOn(generation()); }

  // Records held, as MemoryShard.
  size_t size() const;

 private:
  struct Shard {
    explicit Shard(int64_t bytes_max) : records(bytes_max) {}
    mutable std::mutex mutex;
    MemoryShard records;  // guarded by mutex
  };

  // Odd while it is on.
  static bool IsOn(Generation generation) { return generation % 2 == 1; }
  Shard& ShardOf(absl::string_view key) const;

  std::mutex switching_;
  std::atomic<Generation> generation_;  // changed under switching_
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_MEMORY_LEVEL_H_
