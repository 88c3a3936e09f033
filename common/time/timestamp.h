#ifndef COMMON_TIME_TIMESTAMP_H_
#define COMMON_TIME_TIMESTAMP_H_

// Between instants, the microseconds that stores hold, and RFC 3339 text.
//
// Instants lie in [0001-01-01T00:00:00Z, 10000-01-01T00:00:00Z), the range of protobuf's Timestamp,
// and have microsecond precision. Errors are unnamed INVALID_ARGUMENTs whose message reads on after
// a field's name: violations.Add("occur_time", time.status().message()).
//
// Thread safety: pure functions.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele {

// The bounds of the range as microseconds since 1970; the upper one is exclusive.
inline constexpr int64_t kUnixMicrosMin = -62'135'596'800'000'000;
inline constexpr int64_t kUnixMicrosEnd = 253'402'300'800'000'000;

// Microseconds since 1970, rounded towards the past; an error when outside the range.
absl::StatusOr<int64_t> ToUnixMicrosChecked(absl::Time time);

// The instant `unix_us` microseconds after 1970 (negative: before); an error when outside the
// range.
absl::StatusOr<absl::Time> FromUnixMicrosChecked(int64_t unix_us);

// Reads RFC 3339 text: "2011-12-10T08:26:00Z", "2011-12-10T08:26:00.5+01:00", `T` and `Z` in upper
// case. A digit finer than a microsecond must be 0. No leap second: 60 is refused.
absl::StatusOr<absl::Time> ParseRfc3339(absl::string_view text);

// RFC 3339 text in UTC with as many decimal places as needed, at most six, rounded towards the
// past: "2011-12-10T08:26:00Z". `time` must lie in the range.
std::string FormatRfc3339(absl::Time time);

}  // namespace clientele

#endif  // COMMON_TIME_TIMESTAMP_H_
