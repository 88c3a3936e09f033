#ifndef COMMON_CACHE_RECORD_H_
#define COMMON_CACHE_RECORD_H_

// What is cached of one aggregate, and its bytes in Redis.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele::cache {

// One version of one aggregate. A value.
struct Record {
  // Of the aggregate's row; grows with each write. 0 only for what never existed.
  int64_t version = 0;
  // From here on it is not served any more. What time alone does not change says InfiniteFuture;
  // the cache shortens it to the time to live.
  absl::Time valid_until = absl::InfiniteFuture();
  // The serialised aggregate. nullopt: there is none; with a version, it was deleted (a tombstone),
  // without, nobody has heard of it (a negative entry).
  std::optional<std::string> payload;

  friend bool operator==(const Record&, const Record&) = default;
};

// The bytes of a record:
//   0      format, 1
//   1      1: the payload follows, 0: there is none
//   2-9    version, big-endian
//   10-17  valid_until in microseconds since 1970, big-endian
//   18-    payload
// The set-if-newer script (set_if_newer.h) reads the first 18 of them. Another format needs another
// version in the key (key_space.h), or replicas of two releases would overwrite each other.
inline constexpr size_t kRecordHeaderBytes = 18;

std::string EncodeRecord(const Record& record);

// nullopt when `bytes` were not made by EncodeRecord.
std::optional<Record> DecodeRecord(absl::string_view bytes);

}  // namespace clientele::cache

#endif  // COMMON_CACHE_RECORD_H_
