#ifndef COMMON_SQL_POSTGRES_BYTE_ORDER_H_
#define COMMON_SQL_POSTGRES_BYTE_ORDER_H_

// Numbers in PostgreSQL's binary format: big-endian, two's complement or IEEE 754.
//
// Thread safety: pure functions.

#include <cstdint>

#include "absl/strings/string_view.h"

namespace clientele::sql {

// The unsigned number of `bytes`, of which there are at most eight.
inline uint64_t ReadBigEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) {
    value = value << 8 | static_cast<unsigned char>(byte);
  }
  return value;
}

// Writes the lowest `byte_count` bytes of `value` to `out`.
inline void WriteBigEndian(uint64_t value, int byte_count, char* out) {
  for (int i = byte_count - 1; i >= 0; --i) {
    out[i] = static_cast<char>(value & 0xff);
    value >>= 8;
  }
}

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_BYTE_ORDER_H_
