#ifndef COMMON_SQL_SQLITE_DATABASE_H_
#define COMMON_SQL_SQLITE_DATABASE_H_

// The embedded driver: SQLite in WAL mode with synchronous=FULL, one writer connection (BEGIN
// IMMEDIATE) that callers take in order of arrival, and a pool of read-only connections. Readers
// and the writer do not wait for each other.

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "common/sql/statement_observer.h"

namespace clientele::sql {

struct SqliteOptions {
  // The database file; its folder must exist. ":memory:" (for tests) is a database of the same
  // kind that dies with the Database: its file has no name and is never synced.
  std::string path;
  int reader_connections = 4;  // 1..64

  // Page cache of the writer, at least 64; each reader has a quarter of it. Filled as needed.
  int64_t cache_kib = 16384;

  // How long a transaction waits for another process that holds the file's write lock (a shell, a
  // backup) before that counts as a conflict.
  absl::Duration lock_wait_max = absl::Seconds(5);

  StatementObserver observer;
};

// Opens or creates the database file (mode 0600). FAILED_PRECONDITION DATABASE_NOT_OPENED with a
// sentence when the file cannot be opened, is not a database, or its folder is not writable.
// Destroy the Database only when no call on it is running. Nothing here keeps two servers from one
// file: lock the data directory.
absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options);

}  // namespace clientele::sql

#endif  // COMMON_SQL_SQLITE_DATABASE_H_
