#include "common/time/civil.h"

#include <unicode/ucal.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace clientele {
namespace {

constexpr size_t kZoneNameLengthMax = 64;  // the longest IANA name has 38
constexpr absl::CivilDay kEpoch(1970, 1, 1);

// absl::LoadTimeZone would also open any file of the machine, and remembers each name it was ever
// asked for, good or bad; ICU's list of names keeps both doors shut.
bool IsIanaName(absl::string_view name) {
  if (name.empty() || name.size() > kZoneNameLengthMax ||
      !std::all_of(name.begin(), name.end(), absl::ascii_isprint)) {
    return false;
  }
  std::array<UChar, kZoneNameLengthMax> wide;
  std::copy(name.begin(), name.end(), wide.begin());
  std::array<UChar, kZoneNameLengthMax> canonical;
  UBool is_system_zone = false;
  UErrorCode error = U_ZERO_ERROR;
  ucal_getCanonicalTimeZoneID(wide.data(), static_cast<int32_t>(name.size()), canonical.data(),
                              static_cast<int32_t>(canonical.size()), &is_system_zone, &error);
  return U_SUCCESS(error) && is_system_zone;
}

absl::Status InvalidTimeZone() {
  return absl::InvalidArgumentError("must be an IANA time zone such as Europe/London");
}

absl::Status InvalidDate() {
  return absl::InvalidArgumentError("must be a day of the calendar written YYYY-MM-DD");
}

}  // namespace

absl::StatusOr<absl::TimeZone> LoadTimeZone(absl::string_view name) {
  absl::TimeZone zone;
  if (!IsIanaName(name) || !absl::LoadTimeZone(name, &zone)) {
    return InvalidTimeZone();
  }
  return zone;
}

absl::StatusOr<absl::CivilDay> ParseDate(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return InvalidDate();
  }
  for (const size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!absl::ascii_isdigit(text[i])) {
      return InvalidDate();
    }
  }
  int year = 0;
  int month = 0;
  int day = 0;
  if (!absl::SimpleAtoi(text.substr(0, 4), &year) || !absl::SimpleAtoi(text.substr(5, 2), &month) ||
      !absl::SimpleAtoi(text.substr(8, 2), &day)) {
    return InvalidDate();
  }
  // CivilDay turns 2011-02-30 into 2011-03-02; a date that changes was not a day.
  const absl::CivilDay civil(year, month, day);
  if (year < 1 || civil.month() != month || civil.day() != day) {
    return InvalidDate();
  }
  return civil;
}

std::string FormatDate(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

absl::Time StartOfDay(absl::CivilDay day, absl::TimeZone zone) {
  return absl::FromCivil(day, zone);
}

absl::CivilDay DayOf(absl::Time time, absl::TimeZone zone) { return absl::ToCivilDay(time, zone); }

int64_t DayNumber(absl::CivilDay day) { return day - kEpoch; }

absl::CivilDay DayFromNumber(int64_t day_number) { return kEpoch + day_number; }

}  // namespace clientele
