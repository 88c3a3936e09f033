#include "common/sql/postgres_insert.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace clientele::sql {
namespace {

constexpr absl::string_view kInsert = "INSERT INTO ";
constexpr absl::string_view kValues = " VALUES (";
constexpr absl::string_view kPlainRow = "$0123456789, ";

// `row` with each $n as the elements of that array, or as NULL. "" when there is no $n.
std::string RowOfArrays(absl::string_view row, const std::vector<bool>& is_array) {
  std::string text;
  for (size_t i = 0; i < row.size();) {
    if (row[i] != '$') {
      text.push_back(row[i++]);
      continue;
    }
    const size_t begin = ++i;
    while (i < row.size() && absl::ascii_isdigit(row[i])) {
      ++i;
    }
    size_t number = 0;
    if (!absl::SimpleAtoi(row.substr(begin, i - begin), &number) || number < 1 ||
        number > is_array.size()) {
      return "";
    }
    absl::StrAppend(&text, is_array[number - 1] ? absl::StrCat("unnest($", number, ")") : "NULL");
  }
  return text;
}

}  // namespace

std::string InsertOfArrays(absl::string_view text, const std::vector<bool>& is_array) {
  const size_t values = text.find(kValues);
  if (!absl::StartsWith(text, kInsert) || values == absl::string_view::npos) {
    return "";
  }
  const size_t begin = values + kValues.size();
  const size_t end = text.find(')', begin);
  if (end == absl::string_view::npos) {
    return "";
  }
  const absl::string_view row = text.substr(begin, end - begin);
  const absl::string_view tail = text.substr(end + 1);
  const bool is_for_each_row =
      tail.empty() || (absl::StartsWith(tail, " ON CONFLICT (") && !absl::StrContains(tail, "$") &&
                       !absl::StrContains(tail, "RETURNING"));
  if (!is_for_each_row || row.find_first_not_of(kPlainRow) != absl::string_view::npos ||
      std::find(is_array.begin(), is_array.end(), true) == is_array.end()) {
    return "";
  }
  const std::string elements = RowOfArrays(row, is_array);
  return elements.empty() ? "" : absl::StrCat(text.substr(0, values), " SELECT ", elements, tail);
}

}  // namespace clientele::sql
