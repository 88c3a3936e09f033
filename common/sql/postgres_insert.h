#ifndef COMMON_SQL_POSTGRES_INSERT_H_
#define COMMON_SQL_POSTGRES_INSERT_H_

// One INSERT of many rows instead of many of one: what a statement costs the server, the parsing of
// the table's checks for one, is paid once.
//
// Thread safety: a pure function.

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

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_INSERT_H_
