#include "common/time/timestamp.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

// "2011-12-10T08:26:00" and the shape of each of its characters; 0 stands for a digit.
constexpr absl::string_view kSecondsShape = "0000-00-00T00:00:00";
constexpr absl::string_view kOffsetShape = "00:00";
constexpr size_t kRfc3339LengthMax = 64;
constexpr size_t kMicrosDigits = 6;

absl::Status NotRfc3339() {
  return absl::InvalidArgumentError("must be RFC 3339 such as 2011-12-10T08:26:00Z");
}

absl::Status OutsideTheRange() {
  return absl::InvalidArgumentError("must lie in the years 1 to 9999");
}

bool HasShape(absl::string_view text, absl::string_view shape) {
  if (text.size() != shape.size()) {
    return false;
  }
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' ? !absl::ascii_isdigit(text[i]) : text[i] != shape[i]) {
      return false;
    }
  }
  return true;
}

// Takes ".5" off the front of `rest` when it is there; a point needs digits.
absl::Status ConsumeFraction(absl::string_view& rest) {
  if (rest.empty() || rest[0] != '.') {
    return absl::OkStatus();
  }
  size_t end = 1;
  while (end < rest.size() && absl::ascii_isdigit(rest[end])) {
    if (end > kMicrosDigits && rest[end] != '0') {
      return absl::InvalidArgumentError("must not be finer than a microsecond");
    }
    ++end;
  }
  if (end == 1) {
    return NotRfc3339();
  }
  rest.remove_prefix(end);
  return absl::OkStatus();
}

bool IsZoneOffset(absl::string_view text) {
  return text == "Z" || (!text.empty() && (text[0] == '+' || text[0] == '-') &&
                         HasShape(text.substr(1), kOffsetShape) && text.substr(1, 2) < "24" &&
                         text.substr(4, 2) < "60");
}

}  // namespace

absl::StatusOr<int64_t> ToUnixMicrosChecked(absl::Time time) {
  const int64_t unix_us = absl::ToUnixMicros(time);
  if (unix_us < kUnixMicrosMin || unix_us >= kUnixMicrosEnd) {
    return OutsideTheRange();
  }
  return unix_us;
}

absl::StatusOr<absl::Time> FromUnixMicrosChecked(int64_t unix_us) {
  if (unix_us < kUnixMicrosMin || unix_us >= kUnixMicrosEnd) {
    return OutsideTheRange();
  }
  return absl::FromUnixMicros(unix_us);
}

absl::StatusOr<absl::Time> ParseRfc3339(absl::string_view text) {
  // The shape is checked here because absl::ParseTime is wider than RFC 3339: it takes spaces,
  // "infinite-future" and years of any length.
  if (text.size() > kRfc3339LengthMax ||
      !HasShape(text.substr(0, kSecondsShape.size()), kSecondsShape)) {
    return NotRfc3339();
  }
  absl::string_view rest = text.substr(kSecondsShape.size());
  CLIENTELE_RETURN_IF_ERROR(ConsumeFraction(rest));
  if (!IsZoneOffset(rest) || text.substr(17, 2) >= "60") {
    return NotRfc3339();
  }
  absl::Time time;
  std::string reason;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &reason)) {
    return NotRfc3339();
  }
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t unix_us, ToUnixMicrosChecked(time));
  return absl::FromUnixMicros(unix_us);
}

std::string FormatRfc3339(absl::Time time) {
  const absl::StatusOr<int64_t> unix_us = ToUnixMicrosChecked(time);
  CLIENTELE_CHECK(unix_us.ok());
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E*SZ", absl::FromUnixMicros(*unix_us),
                          absl::UTCTimeZone());
}

}  // namespace clientele
