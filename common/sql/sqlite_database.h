#ifndef COMMON_SQL_SQLITE_DATABASE_H_
#define COMMON_SQL_SQLITE_DATABASE_H_

// The embedded driver: SQLite in WAL mode with synchronous=FULL, one writer connection (BEGIN
// IMMEDIATE) that callers take in order of arrival, and a pool of read-only connections.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/sql/database.h"

namespace clientele::sql {

// Seconds a statement took, by Statement::name; called after each statement, must be thread-safe
// and fast. May be empty.
using StatementObserver = std::function<void(absl::string_view statement_name, double seconds)>;

struct SqliteOptions {
  std::string path;            // the database file; its folder must exist; ":memory:" for tests
  int reader_connections = 4;  // 1..64
  int64_t cache_kib = 16384;   // page cache of the writer; each reader has a quarter of it
  StatementObserver observer;
};

// Opens or creates the database file (mode 0600). FAILED_PRECONDITION with a sentence when the file
// cannot be opened, is not a database, or its folder is not writable.
absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options);

}  // namespace clientele::sql

#endif  // COMMON_SQL_SQLITE_DATABASE_H_
