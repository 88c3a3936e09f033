#include "common/sql/postgres_insert.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace clientele::sql {
namespace {

constexpr absl::string_view kInsert = "INSERT INTO ";
constexpr absl::string_view kValues = " VALUES (";
constexpr absl::string_view kPlainRow = "$0123456789, ";

// `row` with each $n as $(n + offset).
std::string Renumbered(absl::string_view row, int offset) {
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
    int number = 0;
    if (!absl::SimpleAtoi(row.substr(begin, i - begin), &number)) {
      return "";
    }
    absl::StrAppend(&text, "$", number + offset);
  }
  return text;
}

}  // namespace

std::string InsertOfManyRows(absl::string_view text, int parameter_count, int row_count) {
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
  if (!is_for_each_row || row.find_first_not_of(kPlainRow) != absl::string_view::npos) {
    return "";
  }
  std::string many = std::string(text.substr(0, begin - 1));
  for (int r = 0; r < row_count; ++r) {
    const std::string renumbered = Renumbered(row, r * parameter_count);
    if (renumbered.empty()) {
      return "";
    }
    absl::StrAppend(&many, r == 0 ? "(" : ", (", renumbered, ")");
  }
  return absl::StrCat(many, tail);
}

}  // namespace clientele::sql
