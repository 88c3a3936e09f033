#ifndef COMMON_SQL_STATEMENT_OBSERVER_H_
#define COMMON_SQL_STATEMENT_OBSERVER_H_

// How a driver tells what its statements cost.

#include <functional>

#include "absl/strings/string_view.h"

namespace clientele::sql {

// Seconds a statement took, row callbacks included, by Statement::name; a batch counts as one.
// Beside statements it is told of kCommitName and of the waits for a connection: SQLite's
// kWaitForWriterName and kWaitForReaderName, PostgreSQL's kWaitForConnectionName. Called after each
// one; must be thread-safe and fast. May be empty.
using StatementObserver = std::function<void(absl::string_view statement_name, double seconds)>;

inline constexpr absl::string_view kCommitName = "Commit";
inline constexpr absl::string_view kWaitForWriterName = "WaitForWriter";
inline constexpr absl::string_view kWaitForReaderName = "WaitForReader";
inline constexpr absl::string_view kWaitForConnectionName = "WaitForConnection";

}  // namespace clientele::sql

#endif  // COMMON_SQL_STATEMENT_OBSERVER_H_
