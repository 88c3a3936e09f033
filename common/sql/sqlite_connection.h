#ifndef COMMON_SQL_SQLITE_CONNECTION_H_
#define COMMON_SQL_SQLITE_CONNECTION_H_

// One SQLite connection with its settings, its prepared statements and at most one transaction.
//
// Thread safety: none; whoever holds its slot uses it alone.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "common/sql/sqlite_statement.h"
#include "common/sql/statement_cache.h"

namespace clientele::sql {

// What a connection may do.
enum class SqliteAccess { kReadWrite, kReadOnly };

// How far a commit goes: onto the disk, or (for a database that dies with its process) not.
enum class SqliteDurability { kSynced, kProcessOnly };

struct SqliteConnectionOptions {
  std::string path;
  SqliteAccess access = SqliteAccess::kReadWrite;
  SqliteDurability durability = SqliteDurability::kSynced;
  int64_t cache_kib = 0;
  absl::Duration lock_wait_max;
};

class SqliteConnection {
 public:
  // Opens or creates the file. FAILED_PRECONDITION DATABASE_NOT_OPENED.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(
      const SqliteConnectionOptions& options);

  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;
  ~SqliteConnection();

  // Begins a transaction: IMMEDIATE, holding the write lock, unless the access is read-only. Waits
  // for other processes that hold the lock until the deadline or lock_wait_max, and stops
  // statements that run past the deadline, or on when cancelled. ABORTED TRANSACTION_CONFLICT or
  // DEADLINE_EXCEEDED DEADLINE_TOO_SHORT.
  absl::Status Begin(const TxOptions& options);

  // Commits; after an error the transaction is still to be rolled back.
  absl::Status Commit();

  // Ends the transaction, if one is open, without its effects. Cannot fail: see the CHECK in it.
  void Rollback();

  // The statement, ready to bind, kept prepared for the life of the connection; valid until the
  // next call of Prepare or PrepareText.
  absl::StatusOr<SqliteStatement*> Prepare(const Statement& statement);

  // The same for text composed at run time (StatementCache::GetText).
  absl::StatusOr<SqliteStatement*> PrepareText(absl::string_view text);

  // Runs statements separated by ";" that take no parameters; rows they return are dropped.
  absl::Status ExecuteScript(absl::string_view text);

  // Rows inserted, updated and deleted since it was opened; schema changes do not count.
  int64_t changed_row_count() const { return sqlite3_total_changes64(handle_); }

  SqliteAccess access() const { return access_; }

 private:
  explicit SqliteConnection(const SqliteConnectionOptions& options)
      : access_(options.access), lock_wait_max_(options.lock_wait_max) {}

  absl::Status OpenFile(const SqliteConnectionOptions& options);
  absl::Status Configure(const SqliteConnectionOptions& options);
  absl::Status EnterWalMode();
  absl::Status Run(SqliteStatement& statement);
  static int StopWhenOver(void* connection);

  const SqliteAccess access_;
  const absl::Duration lock_wait_max_;
  TxOptions tx_options_;  // of the transaction
  sqlite3* handle_ = nullptr;
  std::unique_ptr<SqliteStatement> begin_;
  std::unique_ptr<SqliteStatement> commit_;

  StatementCache<SqliteStatement> statements_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_SQLITE_CONNECTION_H_
