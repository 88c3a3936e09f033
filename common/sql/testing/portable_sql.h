#ifndef COMMON_SQL_TESTING_PORTABLE_SQL_H_
#define COMMON_SQL_TESTING_PORTABLE_SQL_H_

// Finds what does not mean the same on SQLite, PostgreSQL and Citus, as far as the words of a
// statement tell. What only running it tells is in the contract tests of the drivers.
//
// Thread safety: pure functions.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::sql {

// One sentence for each thing in `sql` (statements separated by ";") that is not portable, in
// order; empty when there is none. Comments and quoted text are not looked into.
std::vector<std::string> PortabilityViolations(absl::string_view sql);

// The string literals of C++ source, so that a sql.h can be checked: adjacent ones joined as the
// compiler joins them, the others separated by ";\n".
std::string StringLiterals(absl::string_view cpp_source);

}  // namespace clientele::sql

#endif  // COMMON_SQL_TESTING_PORTABLE_SQL_H_
