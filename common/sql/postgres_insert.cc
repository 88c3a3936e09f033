#include "common/sql/postgres_insert.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

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

// "$1, $2, …" up to `count`.
std::string ParametersInOrder(size_t count) {
  std::string row;
  for (size_t i = 1; i <= count; ++i) {
    absl::StrAppend(&row, i == 1 ? "$" : ", $", i);
  }
  return row;
}

// "INSERT INTO table (columns) VALUES (row)tail".
struct Insert {
  absl::string_view target;  // "table (columns)"
  absl::string_view row;     // parameters and numbers only
  absl::string_view tail;
};

std::optional<Insert> ParseInsert(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kInsert)) {
    return std::nullopt;
  }
  const std::pair<absl::string_view, absl::string_view> sides =
      absl::StrSplit(text, absl::MaxSplits(kValues, 1));
  const size_t end = sides.second.find(')');
  const absl::string_view row = sides.second.substr(0, end);
  if (end == absl::string_view::npos ||
      row.find_first_not_of(kPlainRow) != absl::string_view::npos) {
    return std::nullopt;
  }
  return Insert{.target = sides.first, .row = row, .tail = sides.second.substr(end + 1)};
}

}  // namespace

std::string InsertOfArrays(absl::string_view text, const std::vector<bool>& is_array) {
  const std::optional<Insert> insert = ParseInsert(text);
  if (!insert.has_value()) {
    return "";
  }
  const absl::string_view tail = insert->tail;
  const bool is_for_each_row =
      tail.empty() || (absl::StartsWith(tail, " ON CONFLICT (") && !absl::StrContains(tail, "$") &&
                       !absl::StrContains(tail, "RETURNING"));
  if (!is_for_each_row || std::find(is_array.begin(), is_array.end(), true) == is_array.end()) {
    return "";
  }
  const std::string elements = RowOfArrays(insert->row, is_array);
  return elements.empty() ? "" : absl::StrCat(kInsert, insert->target, " SELECT ", elements, tail);
}

std::optional<PostgresCopy> CopyOf(absl::string_view text) {
  const std::optional<Insert> insert = ParseInsert(text);
  if (!insert.has_value() || !insert->tail.empty()) {
    return std::nullopt;
  }
  const std::pair<absl::string_view, absl::string_view> table_and_columns =
      absl::StrSplit(insert->target, absl::MaxSplits(" (", 1));
  absl::string_view columns = table_and_columns.second;
  if (!absl::ConsumeSuffix(&columns, ")")) {
    return std::nullopt;
  }
  const size_t count = std::count(columns.begin(), columns.end(), ',') + 1;
  if (insert->row != ParametersInOrder(count)) {
    return std::nullopt;
  }
  return PostgresCopy{.text = absl::StrCat("COPY ", insert->target, " FROM STDIN (FORMAT binary)"),
                      .columns_text = absl::StrCat("SELECT ", columns, " FROM ",
                                                   table_and_columns.first, " LIMIT 0")};
}

}  // namespace clientele::sql
