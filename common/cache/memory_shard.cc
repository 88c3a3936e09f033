#include "common/cache/memory_shard.h"

#include <cstring>
#include <limits>

#include "common/cache/limits.h"
#include "common/status/macros.h"

namespace clientele::cache {
namespace {

constexpr int64_t kBytesMin = 4096;
// A record that takes more of the ring than this would leave nothing else in it.
constexpr uint64_t kRecordsPerRingMin = 4;
// The index takes at most 17.2 bytes a record, while it grows; with a record for every 64 bytes of
// the ring it is less than 7/32 of the whole.
constexpr uint64_t kRingBytesPerRecord = 64;

uint64_t RingBytes(int64_t bytes_max) {
  CLIENTELE_CHECK(bytes_max >= kBytesMin);
  return static_cast<uint64_t>(bytes_max) * 25 / 32 / 8 * 8;
}

uint64_t RoundUp(uint64_t size, uint64_t unit) { return (size + unit - 1) / unit * unit; }

}  // namespace

MemoryShard::MemoryShard(int64_t bytes_max)
    : ring_bytes_(RingBytes(bytes_max)),
      records_max_(ring_bytes_ / kRingBytesPerRecord),
      ring_(new char[ring_bytes_]),
      index_(0, KeyReader{this}, KeyReader{this}) {
  CLIENTELE_CHECK(ring_bytes_ / kUnitBytes <= std::numeric_limits<Unit>::max());
}

MemoryShard::Header MemoryShard::HeaderAt(Unit unit) const {
  Header header;
  std::memcpy(&header, &ring_[unit * kUnitBytes], sizeof(header));
  return header;
}

absl::string_view MemoryShard::KeyAt(Unit unit) const {
  return {&ring_[unit * kUnitBytes + sizeof(Header)], HeaderAt(unit).key_bytes};
}

uint64_t MemoryShard::SizeOf(const Header& header) {
  return RoundUp(sizeof(Header) + header.key_bytes + header.payload_bytes, kUnitBytes);
}

std::optional<Record> MemoryShard::Get(absl::string_view key, absl::Time now) const {
  const auto found = index_.find(key);
  if (found == index_.end()) {
    return std::nullopt;
  }
  const Header header = HeaderAt(*found);
  const absl::Time expiry = absl::FromUnixMicros(header.expiry_us);
  if (header.kind == Header::Kind::kFloor || expiry <= now) {
    return std::nullopt;
  }
  Record record{.version = header.version, .valid_until = expiry, .payload = std::nullopt};
  if (header.kind == Header::Kind::kValue) {
    const char* const payload = &ring_[*found * kUnitBytes + sizeof(Header) + header.key_bytes];
    record.payload.emplace(payload, header.payload_bytes);
  }
  return record;
}

bool MemoryShard::Put(absl::string_view key, const Record& record, absl::Time now) {
  const size_t payload_bytes = record.payload.has_value() ? record.payload->size() : 0;
  const uint64_t size = RoundUp(sizeof(Header) + key.size() + payload_bytes, kUnitBytes);
  if (key.size() > kKeyBytesMax || payload_bytes > kPayloadBytesMax ||
      size > ring_bytes_ / kRecordsPerRingMin) {
    return false;
  }
  if (const auto found = index_.find(key); found != index_.end()) {
    const Header held = HeaderAt(*found);
    const absl::Time expiry = absl::FromUnixMicros(held.expiry_us);
    const bool is_same = held.version == record.version && held.kind != Header::Kind::kFloor;
    if (expiry > now &&
        (held.version > record.version || (is_same && expiry >= record.valid_until))) {
      return false;
    }
    index_.erase(found);  // its bytes stay until they are the oldest
  }
  while (index_.size() >= records_max_) {
    DropOldest();
  }
  MakeRoom(size);
  Write(key, record);
  return true;
}

void MemoryShard::MakeRoom(uint64_t size) {
  const uint64_t until_end = ring_bytes_ - head_ % ring_bytes_;
  if (until_end < size) {
    while (head_ + until_end - tail_ > ring_bytes_) {
      DropOldest();
    }
    gap_ = head_;
    head_ += until_end;
  }
  while (head_ + size - tail_ > ring_bytes_) {
    DropOldest();
  }
}

void MemoryShard::DropOldest() {
  if (tail_ == gap_) {
    tail_ = RoundUp(tail_ + 1, ring_bytes_);
    gap_ = kNoGap;
    return;
  }
  const Unit oldest = static_cast<Unit>(tail_ % ring_bytes_ / kUnitBytes);
  if (const auto found = index_.find(KeyAt(oldest)); found != index_.end() && *found == oldest) {
    index_.erase(found);
  }
  tail_ += SizeOf(HeaderAt(oldest));
}

void MemoryShard::Write(absl::string_view key, const Record& record) {
  const absl::string_view payload =
      record.payload.has_value() ? absl::string_view(*record.payload) : absl::string_view();
  const Header header{
      .version = record.version,
      .expiry_us = absl::ToUnixMicros(record.valid_until),
      .payload_bytes = static_cast<uint32_t>(payload.size()),
      .key_bytes = static_cast<uint16_t>(key.size()),
      .kind = record.payload.has_value() ? Header::Kind::kValue : Header::Kind::kAbsent};
  char* const at = &ring_[head_ % ring_bytes_];
  std::memcpy(at, &header, sizeof(header));
  std::memcpy(at + sizeof(header), key.data(), key.size());
  std::memcpy(at + sizeof(header) + key.size(), payload.data(), payload.size());
  index_.insert(static_cast<Unit>(head_ % ring_bytes_ / kUnitBytes));
  head_ += SizeOf(header);
}

void MemoryShard::RaiseFloor(absl::string_view key, int64_t version, absl::Time until) {
  const auto found = index_.find(key);
  if (found == index_.end()) {
    return;
  }
  Header header = HeaderAt(*found);
  if (header.version >= version) {
    return;
  }
  header.version = version;
  header.expiry_us = absl::ToUnixMicros(until);
  header.kind = Header::Kind::kFloor;
  std::memcpy(&ring_[*found * kUnitBytes], &header, sizeof(header));
}

void MemoryShard::Clear() {
  index_.clear();
  head_ = 0;
  tail_ = 0;
  gap_ = kNoGap;
}

}  // namespace clientele::cache
