#ifndef COMMON_SQL_DATABASE_H_
#define COMMON_SQL_DATABASE_H_

// The one door to SQL. A Database is a bounded pool of connections; work happens in transactions.
//
// SQL text is one portable subset (architecture.md, "SQL store"; checked by portable_sql.h);
// parameters are written $1, $2, … and bound by that name. Times are BIGINT microseconds UTC.
// Everything returns a Status, its errors are named in common/sql/errors.h: UNAVAILABLE
// DATABASE_UNAVAILABLE or DATABASE_READ_ONLY, RESOURCE_EXHAUSTED DISK_FULL or OVERLOADED, ABORTED
// TRANSACTION_CONFLICT, DEADLINE_EXCEEDED DEADLINE_TOO_SHORT, UNKNOWN OUTCOME_UNKNOWN, or INTERNAL
// for a defect of ours (a violated constraint is one: stores read before they write).
//
// Thread safety: Database is thread-safe. A Tx, Row or Param belongs to the thread that runs the
// callback and must not outlive it.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/statement.h"

namespace clientele::sql {

// An open transaction. Once a statement has failed the transaction is lost, as on PostgreSQL: every
// later call returns that first error, and it rolls back whatever the callback returns.
class Tx {
 public:
  virtual ~Tx() = default;

  // Runs one statement and calls `on_row` per result row, in order; an error of the callback ends
  // the statement and is returned, and the transaction lives on. The callback must not use the Tx
  // (INTERNAL): a driver may still be reading from the server.
  virtual absl::Status Query(const Statement& statement, absl::Span<const Param> params,
                             RowCallback on_row) = 0;

  // Runs one query once per element of `batch`, in order, in one round trip where the driver can;
  // else as Query.
  virtual absl::Status QueryBatch(const Statement& statement,
                                  absl::Span<const std::vector<Param>> batch,
                                  BatchRowCallback on_row) = 0;

  // Runs one statement that returns no rows (INTERNAL when it does); answers how many rows it
  // inserted, updated or deleted.
  virtual absl::StatusOr<int64_t> Execute(const Statement& statement,
                                          absl::Span<const Param> params) = 0;

  // Runs one statement once per element of `batch`, in order, in one round trip where the driver
  // can; answers the sum of changed rows. A driver may insert many elements by one statement: those
  // of an INSERT … DO UPDATE name different rows.
  virtual absl::StatusOr<int64_t> ExecuteBatch(const Statement& statement,
                                               absl::Span<const std::vector<Param>> batch) = 0;

  // Text composed at run time (a compiled filter); never from input: values are always bound.
  // Prepared under its text, at most 64 such statements a connection.
  virtual absl::Status QueryText(absl::string_view name, absl::string_view text,
                                 absl::Span<const Param> params, RowCallback on_row) = 0;

  // Locks the root rows of `table` whose `key_column` is in `keys` until the transaction ends;
  // `keys` must be sorted and unique (CHECK). Missing rows are skipped. Read what they guard in a
  // later statement. `key_column` is the one by which Citus distributes the table. SQLite, with its
  // single writer, has nothing to do.
  virtual absl::Status LockRows(absl::string_view table, absl::string_view key_column,
                                absl::Span<const std::string> keys) = 0;

  // The clock of the database, which every process that shares it agrees on. On SQLite, where they
  // share a machine, the machine's.
  virtual absl::StatusOr<absl::Time> DatabaseTime() = 0;

  // For migrations only, first in its transaction: keeps every other schema change waiting until
  // the transaction ends, and makes the schema that holds our tables when it is absent. SQLite has
  // neither to do.
  virtual absl::Status BeginSchemaChange() = 0;

  // For migrations only. Runs schema statements separated by ";", without parameters. The comment
  // "/* sqlite: WITHOUT ROWID */" before the ";" of a CREATE TABLE clusters the table by its
  // primary key on SQLite and means nothing elsewhere.
  virtual absl::Status ExecuteSchema(absl::string_view text) = 0;

  // Whether the schema has this table: for migrations only.
  virtual absl::StatusOr<bool> TableExists(absl::string_view table) = 0;

  // Whether the database is one of PostgreSQL's with the extension Citus, where tables are
  // distributed over several servers: for migrations only.
  virtual bool IsCitus() const = 0;
};

// How often a transaction runs before its conflict is the caller's: a third loss in a row means
// load that more attempts would only add to.
inline constexpr int kTransactionAttemptsMax = 3;

// How one transaction runs.
struct TxOptions {
  // When to give up waiting for a connection or a lock, and to stop a statement that still runs.
  // A commit that has begun is never stopped.
  absl::Time deadline = absl::InfiniteFuture();

  // Asked now and then, from the thread that runs the transaction, while the database works; once
  // it answers true, because whoever waits for the outcome has gone, it is as if the deadline had
  // passed. Null = never.
  std::function<bool()> is_cancelled;
};

// How much of a pool is in use.
struct PoolLoad {
  int connections_max = 0;
  int writers_max = 0;    // transactions that may write at a time
  int in_use_count = 0;   // connections that a transaction holds
  int waiting_count = 0;  // transactions that wait for one
};

using TxCallback = absl::FunctionRef<absl::Status(Tx&)>;

// A bounded pool of connections to one database (schema) of one service.
class Database {
 public:
  virtual ~Database() = default;

  // Runs `work` in a read-write transaction and commits when it returns OK, else rolls back and
  // returns its error. After a serialization failure or deadlock (an error with the reason
  // TRANSACTION_CONFLICT) `work` runs again, at most kTransactionAttemptsMax times in all, so it
  // must have no effect but through the Tx. OK means durable. UNKNOWN OUTCOME_UNKNOWN means that
  // the connection was lost while it committed: all of it may be durable, or nothing. Not
  // reentrant: a transaction opened inside `work` waits for a connection that `work` holds.
  virtual absl::Status RunInTransaction(const TxOptions& options, TxCallback work) = 0;

  // Runs `work` on one snapshot; writes in it are refused by the driver.
  virtual absl::Status RunReadOnly(const TxOptions& options, TxCallback work) = 0;

  // OK when a trivial read works within 2 s and writes would be taken: for readiness.
  virtual absl::Status Ping() = 0;

  // As of now; for metrics.
  virtual PoolLoad load() const = 0;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_DATABASE_H_
