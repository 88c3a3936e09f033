#ifndef COMMON_SQL_POSTGRES_INSERT_H_
#define COMMON_SQL_POSTGRES_INSERT_H_

// One statement that inserts many rows instead of many that insert one: what a statement costs the
// server, the parsing of the table's checks for one, is paid once.
//
// Thread safety: pure functions.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::sql {

// The text that inserts the rows whose columns are arrays, all of one length, where `text` inserts
// one row: its $n stands for the array of the values that $n takes row by row. Those that are not
// `is_array` are NULL in each row, and are not in the text. "" when that would not be the same:
// `text` is no INSERT … VALUES of parameters and numbers only, returns something, changes rows that
// are there by a parameter (DO UPDATE must not meet a row twice in one statement), or has no array.
std::string InsertOfArrays(absl::string_view text, const std::vector<bool>& is_array);

// A COPY that inserts the rows of an INSERT.
struct PostgresCopy {
  std::string text;          // rows follow it in binary format, values as the columns have them
  std::string columns_text;  // a query for no row of the same columns
};

// The COPY that does what `text` does with the values of one row; none when `text` is anything but
// an INSERT of $1, $2, … into as many columns.
std::optional<PostgresCopy> CopyOf(absl::string_view text);

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_INSERT_H_
