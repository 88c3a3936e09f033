#ifndef COMMON_IDS_UUID_H_
#define COMMON_IDS_UUID_H_

// Makes UUIDs as lower-case text: version 7 for new things, version 5 for derived ones.

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele {

// Makes UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, a 12-bit counter, 62 random bits from the
// operating system's secure source. The ids of one generator strictly increase as text, also when
// the clock stands still or steps back. Thread-safe; make one per process and pass it on.
class UuidV7Generator {
 public:
  UuidV7Generator() = default;
  UuidV7Generator(const UuidV7Generator&) = delete;
  UuidV7Generator& operator=(const UuidV7Generator&) = delete;

  // A new id for the instant `now`, which should be the record time; an instant before 1970 counts
  // as 1970. Aborts the process when there is no entropy: an id that might repeat is worse.
  std::string New(absl::Time now);

 private:
  using Bytes = std::array<uint8_t, 16>;

  // Random bytes nobody else gets, a forked child neither. Under mutex_.
  Bytes DrawRandom();

  std::mutex mutex_;
  // Drawn from the operating system many at a time, as each time costs more than the rest of an id.
  std::array<uint8_t, 1024> random_{};  // guarded by mutex_
  size_t random_used_ = 1024;           // of random_; guarded by mutex_
  int random_fork_ = 0;                 // forks before it was drawn; guarded by mutex_
  int64_t last_ms_ = -1;                // the newest millisecond given out; guarded by mutex_
  int counter_ = 0;                     // 12 bits, within last_ms_; guarded by mutex_
};

// The UUIDv5 (SHA-1) of `name` within the namespace `namespace_uuid`: the same two texts always
// give the same id, which makes a rebuild from a feed identical. `name` is hashed as its bytes.
// INVALID_ARGUMENT when `namespace_uuid` is not a UUID.
absl::StatusOr<std::string> UuidV5(absl::string_view namespace_uuid, absl::string_view name);

}  // namespace clientele

#endif  // COMMON_IDS_UUID_H_
