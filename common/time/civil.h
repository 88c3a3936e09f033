#ifndef COMMON_TIME_CIVIL_H_
#define COMMON_TIME_CIVIL_H_

// Calendar days and time zones. A day of business begins at 00:00 of its zone, and where a clock
// change skips 00:00, at the first instant that exists.
//
// Errors are unnamed; their message reads on after a field's name ("must be ...").
// Thread safety: pure functions; absl::TimeZone is a value. LoadTimeZone reads the system's zone
// files once per zone and needs the package tzdata.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace clientele {

// The zone of an IANA name such as "Europe/London" or "UTC".
// INVALID_ARGUMENT when there is no zone of that name.
absl::StatusOr<absl::TimeZone> LoadTimeZone(absl::string_view name);

// Reads exactly YYYY-MM-DD, years 1 to 9999.
// INVALID_ARGUMENT for other shapes and for days that do not exist.
absl::StatusOr<absl::CivilDay> ParseDate(absl::string_view text);

// "2011-12-10".
std::string FormatDate(absl::CivilDay day);

// The first instant of `day` in `zone`: what `as_of` and every other date of a request means.
absl::Time StartOfDay(absl::CivilDay day, absl::TimeZone zone);

// The day that `time` falls on in `zone`.
absl::CivilDay DayOf(absl::Time time, absl::TimeZone zone);

// Days since 1970-01-01, negative before it: the form in which days are stored and subtracted.
int64_t DayNumber(absl::CivilDay day);

// The inverse of DayNumber.
absl::CivilDay DayFromNumber(int64_t day_number);

}  // namespace clientele

#endif  // COMMON_TIME_CIVIL_H_
