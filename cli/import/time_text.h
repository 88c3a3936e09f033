#ifndef CLI_IMPORT_TIME_TEXT_H_
#define CLI_IMPORT_TIME_TEXT_H_

// The spellings of times in purchase files. A time without a zone is UTC. Every function answers
// nullopt for another spelling, a date that does not exist, or a year outside
// kOccurYearMin..kOccurYearMax. Thread safety: pure functions.

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele::cli {

// "YYYY-MM-DD" (midnight) or "YYYY-MM-DD HH:MM:SS".
std::optional<absl::Time> ParseCivilTime(absl::string_view text);

// "YYYYMMDD" (midnight).
std::optional<absl::Time> ParseCompactDate(absl::string_view text);

// RFC 3339 ("2024-05-01T10:00:00+02:00", "…Z"), or what ParseCivilTime takes.
std::optional<absl::Time> ParseTimeText(absl::string_view text);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_TIME_TEXT_H_
