#ifndef COMMON_SQL_POSTGRES_INSERT_H_
#define COMMON_SQL_POSTGRES_INSERT_H_

// One INSERT of many rows instead of many of one: a third of the server's work for a batch.
//
// Thread safety: a pure function.

#include <string>

#include "absl/strings/string_view.h"

namespace clientele::sql {

// The text that inserts `row_count` rows where `text` inserts one of `parameter_count` parameters;
// those of the row numbered r (from 0) are $(r * parameter_count + 1) and on. "" when that would
// not be the same: `text` is no INSERT … VALUES of parameters and numbers only, returns something,
// or changes rows that are there (DO UPDATE must not meet a row twice in one statement).
std::string InsertOfManyRows(absl::string_view text, int parameter_count, int row_count);

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_INSERT_H_
