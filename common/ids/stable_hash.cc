#include "common/ids/stable_hash.h"

#include <cstddef>

#include "common/status/macros.h"

// XXH64 as its specification defines it. FNV-1a was not taken: its low bits, which the modulo
// keeps, depend only on the low bits of each byte, so hexadecimal ids would fill partitions
// unevenly.

namespace clientele {
namespace {

constexpr uint64_t kPrime1 = 0x9E3779B185EBCA87ULL;
constexpr uint64_t kPrime2 = 0xC2B2AE3D27D4EB4FULL;
constexpr uint64_t kPrime3 = 0x165667B19E3779F9ULL;
constexpr uint64_t kPrime4 = 0x85EBCA77C2B2AE63ULL;
constexpr uint64_t kPrime5 = 0x27D4EB2F165667C5ULL;
constexpr size_t kStripeBytes = 32;

uint64_t RotateLeft(uint64_t value, int bits) { return (value << bits) | (value >> (64 - bits)); }

// Little-endian on every machine: the hash must not depend on the processor.
uint64_t Load(absl::string_view bytes, size_t width) {
  uint64_t value = 0;
  for (size_t i = 0; i < width; ++i) {
    value |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (8 * i);
  }
  return value;
}

uint64_t Round(uint64_t lane, uint64_t input) {
  return RotateLeft(lane + input * kPrime2, 31) * kPrime1;
}

uint64_t MergeLane(uint64_t hash, uint64_t lane) {
  return (hash ^ Round(0, lane)) * kPrime1 + kPrime4;
}

// Consumes every whole stripe from `rest` and returns the merged lanes.
uint64_t HashStripes(absl::string_view& rest) {
  uint64_t lanes[4] = {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
  while (rest.size() >= kStripeBytes) {
    for (size_t i = 0; i < 4; ++i) {
      lanes[i] = Round(lanes[i], Load(rest.substr(8 * i), 8));
    }
    rest.remove_prefix(kStripeBytes);
  }
  uint64_t hash = RotateLeft(lanes[0], 1) + RotateLeft(lanes[1], 7) + RotateLeft(lanes[2], 12) +
                  RotateLeft(lanes[3], 18);
  for (const uint64_t lane : lanes) {
    hash = MergeLane(hash, lane);
  }
  return hash;
}

uint64_t HashTail(uint64_t hash, absl::string_view rest) {
  for (; rest.size() >= 8; rest.remove_prefix(8)) {
    hash = RotateLeft(hash ^ Round(0, Load(rest, 8)), 27) * kPrime1 + kPrime4;
  }
  if (rest.size() >= 4) {
    hash = RotateLeft(hash ^ (Load(rest, 4) * kPrime1), 23) * kPrime2 + kPrime3;
    rest.remove_prefix(4);
  }
  for (; !rest.empty(); rest.remove_prefix(1)) {
    hash = RotateLeft(hash ^ (Load(rest, 1) * kPrime5), 11) * kPrime1;
  }
  return hash;
}

uint64_t Avalanche(uint64_t hash) {
  hash = (hash ^ (hash >> 33)) * kPrime2;
  hash = (hash ^ (hash >> 29)) * kPrime3;
  return hash ^ (hash >> 32);
}

}  // namespace

uint64_t StableHash64(absl::string_view text) {
  const uint64_t length = text.size();
  const uint64_t start = text.size() >= kStripeBytes ? HashStripes(text) : kPrime5;
  return Avalanche(HashTail(start + length, text));
}

int PartitionOf(absl::string_view key, int partition_count) {
  CLIENTELE_CHECK(partition_count > 0);
  return static_cast<int>(StableHash64(key) % static_cast<uint64_t>(partition_count));
}

}  // namespace clientele
