#ifndef COMMON_SQL_STATEMENT_OBSERVER_H_
#define COMMON_SQL_STATEMENT_OBSERVER_H_

// How a driver tells what its statements cost.

#include <functional>

#include "absl/strings/string_view.h"

namespace clientele::sql {

// Seconds a statement took, row callbacks included, by Statement::name; a batch counts as one.
// Beside statements it is told of kCommitName, kWaitForWriterName and kWaitForReaderName. Called
// after each one; must be thread-safe and fast. May be empty.
using StatementObserver = std::function<void(absl::string_view statement_name, double seconds)>;

inline constexpr absl::string_view kCommitName = "Commit";
inline constexpr absl::string_view kWaitForWriterName = "WaitForWriter";
inline constexpr absl::string_view kWaitForReaderName = "WaitForReader";

}  // namespace clientele::sql

#endif  // COMMON_SQL_STATEMENT_OBSERVER_H_
