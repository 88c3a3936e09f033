#include "cli/import/time_text.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "cli/import/limits.h"

namespace clientele::cli {
namespace {

constexpr size_t kDateLength = 10;      // YYYY-MM-DD
constexpr size_t kDateTimeLength = 19;  // YYYY-MM-DD HH:MM:SS
constexpr size_t kRfc3339LengthMax = 40;

// Reads digits at fixed places and remembers whether every one of them was a digit.
class DigitReader {
 public:
  explicit DigitReader(absl::string_view text) : text_(text) {}

  int Number(size_t begin, size_t length) {
    int value = 0;
    for (size_t i = begin; i < begin + length; ++i) {
      if (!absl::ascii_isdigit(static_cast<unsigned char>(text_[i]))) ok_ = false;
      value = value * 10 + (text_[i] - '0');
    }
    return value;
  }

  bool ok() const { return ok_; }

 private:
  absl::string_view text_;
  bool ok_ = true;
};

// nullopt unless the fields name an existing second of an allowed year: CivilSecond normalises
// 30 February to 1 or 2 March, so it must give back what went in.
std::optional<absl::Time> ToUtc(int year, int month, int day, int hour, int minute, int second) {
  if (year < kOccurYearMin || year > kOccurYearMax) return std::nullopt;
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  if (civil.month() != month || civil.day() != day || civil.hour() != hour ||
      civil.minute() != minute || civil.second() != second) {
    return std::nullopt;
  }
  return absl::FromCivil(civil, absl::UTCTimeZone());
}

}  // namespace

std::optional<absl::Time> ParseCivilTime(absl::string_view text) {
  const bool date_only = text.size() == kDateLength;
  if (!date_only && text.size() != kDateTimeLength) return std::nullopt;
  if (text[4] != '-' || text[7] != '-') return std::nullopt;
  DigitReader digits(text);
  const int year = digits.Number(0, 4);
  const int month = digits.Number(5, 2);
  const int day = digits.Number(8, 2);
  int hour = 0, minute = 0, second = 0;
  if (!date_only) {
    if (text[10] != ' ' || text[13] != ':' || text[16] != ':') return std::nullopt;
    hour = digits.Number(11, 2);
    minute = digits.Number(14, 2);
    second = digits.Number(17, 2);
  }
  if (!digits.ok()) return std::nullopt;
  return ToUtc(year, month, day, hour, minute, second);
}

std::optional<absl::Time> ParseCompactDate(absl::string_view text) {
  if (text.size() != 8) return std::nullopt;
  DigitReader digits(text);
  const int year = digits.Number(0, 4);
  const int month = digits.Number(4, 2);
  const int day = digits.Number(6, 2);
  if (!digits.ok()) return std::nullopt;
  return ToUtc(year, month, day, 0, 0, 0);
}

std::optional<absl::Time> ParseTimeText(absl::string_view text) {
  if (const std::optional<absl::Time> civil = ParseCivilTime(text)) return civil;
  // The first character keeps out blanks and absl's "infinite-future".
  if (text.empty() || text.size() > kRfc3339LengthMax ||
      !absl::ascii_isdigit(static_cast<unsigned char>(text.front())) ||
      absl::ascii_isspace(static_cast<unsigned char>(text.back()))) {
    return std::nullopt;
  }
  absl::Time time;
  std::string ignored_error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &ignored_error)) return std::nullopt;
  const absl::CivilYear year = absl::ToCivilYear(time, absl::UTCTimeZone());
  if (year.year() < kOccurYearMin || year.year() > kOccurYearMax) return std::nullopt;
  return time;
}

}  // namespace clientele::cli
