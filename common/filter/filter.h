#ifndef COMMON_FILTER_FILTER_H_
#define COMMON_FILTER_FILTER_H_

// The `filter` of list requests: a subset of the AIP-160 grammar, read into comparisons.
//
//   filter     = [ comparison { "AND" comparison } ]
//   comparison = field operator value
//   field      = lower-case words joined by "_" and "."            rfm.segment
//   operator   = "=" | "!=" | "<" | "<=" | ">" | ">="
//   value      = bare word of letters, digits and "_" "." "+" "-"  ACTIVE, -12, 10.5, true
//              | RFC 3339 timestamp                                2011-12-10T00:00:00Z
//              | quoted text with \" \' \\ and \* escaped          "O'Neill", 'say \'hi\''
//
// The rest of AIP-160 (OR, NOT, a leading -, parentheses, functions, ":" and wildcards) is refused
// and not ignored, so that no filter changes its meaning when it is added; this is also why a star
// in quotes must be written \*. What fields there are and what their values mean is decided in
// common/filter/bound_filter.h.
// Thread safety: values and pure functions.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele {

inline constexpr int64_t kFilterCharactersMax = 2'000;
inline constexpr size_t kFilterTermsMax = 20;

enum class FilterOperator { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

// "=", "!=", "<", "<=", ">" or ">=".
absl::string_view FilterOperatorText(FilterOperator op);

// A value as written. Its type is that of the field it is compared with.
struct FilterLiteral {
  std::string text;     // without quotes and escapes; quoted text is in NFC
  bool quoted = false;  // a quoted value is text, a timestamp or an enum name, never a number

  friend bool operator==(const FilterLiteral&, const FilterLiteral&) = default;
};

// One term. The positions are those of the field and of the value in the filter's text, counted in
// characters from 1; they serve messages only.
struct FilterComparison {
  std::string field;
  FilterOperator op = FilterOperator::kEqual;
  FilterLiteral value;
  int64_t field_position = 1;
  int64_t value_position = 1;
};

// Every comparison must hold; without any, everything matches.
struct Filter {
  std::vector<FilterComparison> comparisons;
};

// Reads a filter. INVALID_ARGUMENT (reason INVALID_FILTER, metadata `position`, violation of
// `filter`) at the first thing that is not of the grammar or beyond a limit; the value itself is
// never part of the message, since it may be personal.
absl::StatusOr<Filter> ParseFilter(absl::string_view text);

// The text of a filter, which parses back to the same comparisons (positions apart).
std::string FormatFilter(const Filter& filter);

}  // namespace clientele

#endif  // COMMON_FILTER_FILTER_H_
