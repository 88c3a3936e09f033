#ifndef COMMON_SQL_POSTGRES_WIRE_H_
#define COMMON_SQL_POSTGRES_WIRE_H_

// A connection of libpq that never waits beyond a deadline: every wait is a poll().
//
// Thread safety: none; whoever holds its slot uses it alone.

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/postgres_params.h"
#include "common/sql/postgres_result.h"
#include "common/sql/postgres_target.h"

namespace clientele::sql {

// A server that is there says within this time that it has stopped a statement: at the deadline,
// which it knows, or when it is asked to.
inline constexpr absl::Duration kServerGrace = absl::Milliseconds(500);

class PostgresWire {
 public:
  // Connects until `deadline`. FAILED_PRECONDITION DATABASE_NOT_OPENED with a sentence: wrong
  // password, no such database, nobody answers; the host's name is not looked up by then.
  static absl::StatusOr<std::unique_ptr<PostgresWire>> Connect(const PostgresTarget& target,
                                                               absl::Time deadline);

  PostgresWire(const PostgresWire&) = delete;
  PostgresWire& operator=(const PostgresWire&) = delete;
  ~PostgresWire() { PQfinish(connection_); }

  // Until when NextResult waits; it also gives up once `is_cancelled`, which may be null, says so.
  void SetDeadline(absl::Time deadline, std::function<bool()> is_cancelled = nullptr) {
    deadline_ = deadline;
    is_cancelled_ = std::move(is_cancelled);
  }

  // Begin a command; its results are then to be read to the end. Only what libpq can tell at once
  // is an error (UNAVAILABLE DATABASE_UNAVAILABLE).
  absl::Status SendScript(const std::string& text);
  absl::Status SendPrepare(const std::string& name, const std::string& text,
                           const std::vector<Oid>& types);
  absl::Status SendPrepared(const std::string& name, const PostgresParams& params);

  // Results of the command just sent come row by row.
  void StreamRows() { PQsetSingleRowMode(connection_); }

  // The next result of the command; null when there is none left. Results that are errors are the
  // caller's to read. UNAVAILABLE DATABASE_UNAVAILABLE when the connection is lost,
  // DEADLINE_EXCEEDED when nothing came in time; either breaks the connection, and a server that
  // still works on the command ends it when it finds nobody there. DEADLINE_EXCEEDED also when
  // `is_cancelled` said so: the server has then stopped the command and its results are read, or
  // the connection is broken after kServerGrace at the latest (ADR 131).
  absl::StatusOr<PostgresResult> NextResult();

  // Several commands in one round trip: what is sent between Enter and Sync is answered by results
  // up to one of PGRES_PIPELINE_SYNC.
  void EnterPipeline();
  absl::Status SyncPipeline();
  void ExitPipeline();

  // The rows of a COPY whose result is PGRES_COPY_IN, in pieces of any size. Waits while the server
  // takes less than comes; errors as NextResult's. What the server has against a row comes behind
  // EndCopy, as a result.
  absl::Status SendCopyData(absl::string_view bytes);
  absl::Status EndCopy();

  // Will not be used again.
  void Break() { is_broken_ = true; }

  // Connected, and between two commands.
  bool IsIdle() const;
  PGTransactionStatusType transaction_status() const { return PQtransactionStatus(connection_); }
  int server_version() const { return PQserverVersion(connection_); }

 private:
  explicit PostgresWire(PGconn* connection) : connection_(connection) {}

  // As Connect, but for the looking up of names, which takes as long as it takes.
  static absl::StatusOr<std::unique_ptr<PostgresWire>> LookUpAndConnect(
      const PostgresTarget& target, absl::Time deadline);
  absl::Status FinishConnecting(const PostgresTarget& target, absl::Time deadline);
  absl::Status CheckSent(int sent);
  absl::Status Lost();
  void StopStatement();
  bool DrainStopped();
  bool WaitForServer();
  bool Wait(short events);

  PGconn* const connection_;
  absl::Time deadline_ = absl::InfiniteFuture();
  std::function<bool()> is_cancelled_;
  bool is_broken_ = false;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_WIRE_H_
