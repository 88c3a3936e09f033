#include "common/sql/sqlite_connection.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/sql/sqlite_errors.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// How much log may gather before a commit moves it into the database file: about 64 MiB, as much as
// its file keeps. A page that many transactions touch is then written there once; the log costs
// disk, not memory, and some 0.05 s to read again after a crash.
constexpr int kCheckpointPages = 16'000;

// After a burst (or a long reader) had let the log grow, this much of its file is kept.
constexpr int64_t kLogFileBytesMax = 64 << 20;

// Virtual machine steps between two looks at the clock: about a millisecond of work.
constexpr int kStepsBetweenChecks = 50'000;

// PostgreSQL's limit, so that a statement that works here works there.
constexpr int kParametersMax = 65'535;

// No value of ours comes near; a larger one is a mistake that would only eat memory.
constexpr int kValueBytesMax = 64 << 20;

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(
    const SqliteConnectionOptions& options) {
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(options));
  absl::Status status = connection->OpenFile(options);
  if (status.ok()) {
    status = connection->Configure(options);
  }
  if (!status.ok()) {
    return DatabaseNotOpened(options.path, GetLogDetail(status));
  }
  return connection;
}

SqliteConnection::~SqliteConnection() {
  statements_.Clear();
  begin_.reset();
  commit_.reset();
  sqlite3_close(handle_);
}

absl::Status SqliteConnection::OpenFile(const SqliteConnectionOptions& options) {
  // No mutex of SQLite's own: the slot queue already gives a connection to one thread at a time.
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int result_code = sqlite3_open_v2(options.path.c_str(), &handle_, kFlags, nullptr);
  return result_code == SQLITE_OK ? absl::OkStatus() : SqliteError(handle_, result_code);
}

absl::Status SqliteConnection::Configure(const SqliteConnectionOptions& options) {
  sqlite3_busy_timeout(handle_, static_cast<int>(absl::ToInt64Milliseconds(lock_wait_max_)));
  sqlite3_limit(handle_, SQLITE_LIMIT_VARIABLE_NUMBER, kParametersMax);
  sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, kValueBytesMax);
  // "x" is a name in SQL; SQLite takes an unknown one for a string unless told not to.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  CLIENTELE_RETURN_IF_ERROR(EnterWalMode());
  // Sorts that outgrow the cache go to a temporary file: memory has a budget, the disk has room.
  CLIENTELE_RETURN_IF_ERROR(ExecuteScript(absl::StrCat(
      "PRAGMA synchronous=", options.durability == SqliteDurability::kSynced ? "FULL" : "OFF",
      ";PRAGMA foreign_keys=OFF;PRAGMA trusted_schema=OFF;PRAGMA mmap_size=0",
      ";PRAGMA temp_store=FILE;PRAGMA secure_delete=ON",  // erased means erased
      ";PRAGMA cache_size=-", options.cache_kib, ";PRAGMA wal_autocheckpoint=", kCheckpointPages,
      ";PRAGMA journal_size_limit=", kLogFileBytesMax,
      ";PRAGMA query_only=", access_ == SqliteAccess::kReadOnly ? "ON" : "OFF")));
  // The first read finds out whether the file is a database, and opens its log.
  CLIENTELE_RETURN_IF_ERROR(ExecuteScript("SELECT COUNT(*) FROM sqlite_schema"));
  CLIENTELE_ASSIGN_OR_RETURN(
      begin_, SqliteStatement::Prepare(
                  handle_, access_ == SqliteAccess::kReadOnly ? "BEGIN" : "BEGIN IMMEDIATE"));
  CLIENTELE_ASSIGN_OR_RETURN(commit_, SqliteStatement::Prepare(handle_, "COMMIT"));
  return absl::OkStatus();
}

// Asks for the mode and looks at the answer: where the file system cannot share memory between
// processes (some network ones), SQLite says another mode instead of an error.
absl::Status SqliteConnection::EnterWalMode() {
  CLIENTELE_ASSIGN_OR_RETURN(const auto pragma,
                             SqliteStatement::Prepare(handle_, "PRAGMA journal_mode=WAL"));
  CLIENTELE_ASSIGN_OR_RETURN(const bool has_row, pragma->Step());
  if (!has_row || SqliteRow(pragma->handle()).Text(0) != "wal") {
    return SqlDefect("the file system does not support WAL mode");
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::Begin(const TxOptions& options) {
  const absl::Duration left = options.deadline - absl::Now();
  if (left <= absl::ZeroDuration()) {
    return DatabaseDeadlineExceeded();
  }
  const absl::Duration lock_wait = std::min(left, lock_wait_max_);
  sqlite3_busy_timeout(handle_, static_cast<int>(absl::ToInt64Milliseconds(lock_wait)));
  tx_options_ = options;
  if (options.deadline != absl::InfiniteFuture() || options.is_cancelled != nullptr) {
    sqlite3_progress_handler(handle_, kStepsBetweenChecks, &StopWhenOver, this);
  }
  absl::Status status = Run(*begin_);
  if (IsTransactionConflict(status) && left <= lock_wait_max_) {
    return DatabaseDeadlineExceeded();
  }
  return status;
}

absl::Status SqliteConnection::Commit() {
  sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
  return Run(*commit_);
}

void SqliteConnection::Rollback() {
  sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
  if (sqlite3_get_autocommit(handle_) == 0) {
    sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  // Even where undoing meets an I/O error SQLite leaves the transaction, dropping its pages.
  CLIENTELE_CHECK(sqlite3_get_autocommit(handle_) != 0);
}

absl::StatusOr<SqliteStatement*> SqliteConnection::Prepare(const Statement& statement) {
  return statements_.Get(statement,
                         [&] { return SqliteStatement::Prepare(handle_, statement.text); });
}

absl::StatusOr<SqliteStatement*> SqliteConnection::PrepareText(absl::string_view text) {
  return statements_.GetText(text, [&] { return SqliteStatement::Prepare(handle_, text); });
}

absl::Status SqliteConnection::ExecuteScript(absl::string_view text) {
  const std::string script(text);
  const int result_code = sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr);
  return result_code == SQLITE_OK ? absl::OkStatus() : SqliteError(handle_, result_code);
}

absl::Status SqliteConnection::Run(SqliteStatement& statement) {
  absl::Status status = statement.Step().status();
  statement.Reset();
  return status;
}

int SqliteConnection::StopWhenOver(void* connection) {
  const TxOptions& options = static_cast<SqliteConnection*>(connection)->tx_options_;
  const bool is_over =
      absl::Now() > options.deadline || (options.is_cancelled != nullptr && options.is_cancelled());
  return is_over ? 1 : 0;
}

}  // namespace clientele::sql
