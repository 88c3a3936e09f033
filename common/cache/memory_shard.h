#ifndef COMMON_CACHE_MEMORY_SHARD_H_
#define COMMON_CACHE_MEMORY_SHARD_H_

// Records in a ring of bytes of a fixed size: the newest overwrites the oldest.
//
// Since nothing lives longer than a second here, the oldest is what runs out first anyway, and no
// list of uses is kept. A record costs 24 bytes, its padding and a place in the index, of 5 bytes
// at a load of 44 to 88 %: about 36 bytes beside its key and payload.

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/cache/record.h"

namespace clientele::cache {

// Not thread-safe.
class MemoryShard {
 public:
  // Never takes more than `bytes_max`, at least 4096 (CHECK).
  explicit MemoryShard(int64_t bytes_max);
  MemoryShard(const MemoryShard&) = delete;
  MemoryShard& operator=(const MemoryShard&) = delete;

  // The record of `key`; its valid_until is what Put was told. nullopt when there is none, or it
  // has run out.
  std::optional<Record> Get(absl::string_view key, absl::Time now) const;

  // Keeps `record` until its valid_until, unless what it holds is newer: of a later version, or of
  // the same and valid for as long. False then, and when the record is too large.
  bool Put(absl::string_view key, const Record& record, absl::Time now);

  // Drops what is older than `version` and, until `until`, refuses it. Does nothing for a key that
  // is not here.
  void RaiseFloor(absl::string_view key, int64_t version, absl::Time until);

  void Clear();

  // Records that were not overwritten or dropped yet, those that have run out included.
  size_t size() const { return index_.size(); }

 private:
  // What lies before the key and the payload of each record.
  struct Header {
    int64_t version;
    int64_t expiry_us;
    uint32_t payload_bytes;
    uint16_t key_bytes;
    enum class Kind : uint16_t { kValue, kAbsent, kFloor } kind;
  };
  static_assert(sizeof(Header) == 24);

  // Records begin at multiples of this, so that four bytes name one in a ring of up to 32 GiB.
  static constexpr uint64_t kUnitBytes = 8;
  using Unit = uint32_t;

  // Hash and equality of the keys that units stand for.
  struct KeyReader {
    using is_transparent = void;
    const MemoryShard* shard;
    absl::string_view Key(Unit unit) const { return shard->KeyAt(unit); }
    static absl::string_view Key(absl::string_view key) { return key; }
    template <typename T>
    size_t operator()(const T& of) const {
      return absl::Hash<absl::string_view>()(Key(of));
    }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return Key(a) == Key(b);
    }
  };
  using Index = absl::flat_hash_set<Unit, KeyReader, KeyReader>;

  Header HeaderAt(Unit unit) const;
  absl::string_view KeyAt(Unit unit) const;
  static uint64_t SizeOf(const Header& header);
  // Makes `size` bytes in a row free at head_.
  void MakeRoom(uint64_t size);
  void DropOldest();
  void Write(absl::string_view key, const Record& record);

  const uint64_t ring_bytes_;
  const size_t records_max_;
  const std::unique_ptr<char[]> ring_;
  // Positions grow for ever; modulo ring_bytes_ they are places in the ring.
  uint64_t head_ = 0;      // where the next record goes
  uint64_t tail_ = 0;      // where the oldest begins
  uint64_t gap_ = kNoGap;  // from here to the ring's end nothing was written
  static constexpr uint64_t kNoGap = ~uint64_t{0};
  Index index_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_MEMORY_SHARD_H_
