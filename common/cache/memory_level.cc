#include "common/cache/memory_level.h"

#include "absl/hash/hash.h"
#include "common/cache/limits.h"

namespace clientele::cache {

MemoryLevel::MemoryLevel(int64_t bytes_max, bool is_on) : generation_(is_on ? 1 : 0) {
  shards_.reserve(kMemoryShardCount);
  for (size_t i = 0; i < kMemoryShardCount; ++i) {
    shards_.push_back(std::make_unique<Shard>(bytes_max / static_cast<int64_t>(kMemoryShardCount)));
  }
}

// By other bits of the hash than a shard's index uses.
MemoryLevel::Shard& MemoryLevel::ShardOf(absl::string_view key) const {
  const uint64_t hash = absl::Hash<absl::string_view>()(key);
  return *shards_[(hash >> 48) % kMemoryShardCount];
}

std::optional<Record> MemoryLevel::Get(absl::string_view key, absl::Time now) const {
  if (!is_on()) {
    return std::nullopt;
  }
  const Shard& shard = ShardOf(key);
  std::lock_guard<std::mutex> lock(shard.mutex);
  return shard.records.Get(key, now);
}

bool MemoryLevel::Put(absl::string_view key, const Record& record, absl::Time now,
                      Generation generation) {
  Shard& shard = ShardOf(key);
  std::lock_guard<std::mutex> lock(shard.mutex);
  // Under the lock: Switch changes the generation before it empties the shards.
  if (!IsOn(generation) || generation != this->generation()) {
    return false;
  }
  return shard.records.Put(key, record, now);
}

void MemoryLevel::RaiseFloor(absl::string_view key, int64_t version, absl::Time until) {
  Shard& shard = ShardOf(key);
  std::lock_guard<std::mutex> lock(shard.mutex);
  shard.records.RaiseFloor(key, version, until);
}

void MemoryLevel::Switch(bool on) {
  std::lock_guard<std::mutex> switching(switching_);
  if (on == is_on()) {
    return;
  }
  generation_.fetch_add(1, std::memory_order_acq_rel);
  if (on) {
    return;
  }
  for (const std::unique_ptr<Shard>& shard : shards_) {
    std::lock_guard<std::mutex> lock(shard->mutex);
    shard->records.Clear();
  }
}

size_t MemoryLevel::size() const {
  size_t size = 0;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    std::lock_guard<std::mutex> lock(shard->mutex);
    size += shard->records.size();
  }
  return size;
}

}  // namespace clientele::cache
