#include "common/sql/postgres_connection.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/sql/postgres_errors.h"
#include "common/sql/statement_observer.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// A commit takes one write to disk, with a replica two; after this it is lost.
constexpr absl::Duration kCommitWaitMax = absl::Seconds(30);

// Undoing needs no work of the server.
constexpr absl::Duration kRollbackWaitMax = absl::Seconds(2);

// The server keeps the plan it made for a prepared statement. One made while a table was small
// reads the whole table, and would go on doing so until autovacuum looks, up to a minute later;
// made anew this often, a plan costs next to nothing.
constexpr absl::Duration kPlanAgeMax = absl::Seconds(1);

constexpr size_t kServerNameBytesMax = 63;  // PostgreSQL cuts longer names

void IgnoreResult(const PostgresResult& /*result*/) {}

std::string BeginScript(PostgresAccess access, absl::Duration left) {
  std::string script = access == PostgresAccess::kReadOnly
                           ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                           : "BEGIN ISOLATION LEVEL READ COMMITTED";
  if (left != absl::InfiniteDuration()) {
    const int64_t left_ms =
        std::clamp<int64_t>(absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1))), 1,
                            std::numeric_limits<int32_t>::max());
    absl::StrAppend(&script, "; SET LOCAL statement_timeout = ", left_ms,
                    "; SET LOCAL lock_timeout = ", left_ms);
  }
  return script;
}

// Whether whoever waits has gone early. gRPC cancels a call at its deadline too: then the server
// ends the statement by itself, and the connection lives on.
std::function<bool()> GoneBeforeDeadline(const TxOptions& options) {
  if (options.is_cancelled == nullptr) {
    return nullptr;
  }
  return [is_cancelled = options.is_cancelled, deadline = options.deadline] {
    return absl::Now() < deadline && is_cancelled();
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(
    const PostgresTarget& target, absl::Time deadline) {
  CLIENTELE_ASSIGN_OR_RETURN(std::unique_ptr<PostgresWire> wire,
                             PostgresWire::Connect(target, deadline));
  wire->SetDeadline(deadline);
  CLIENTELE_ASSIGN_OR_RETURN(const PostgresKind kind, StartSession(*wire, target));
  return std::unique_ptr<PostgresConnection>(new PostgresConnection(std::move(wire), kind));
}

absl::Status PostgresConnection::Begin(PostgresAccess access, const TxOptions& options) {
  const absl::Duration left = options.deadline - absl::Now();
  if (left <= absl::ZeroDuration()) {
    return DatabaseDeadlineExceeded();
  }
  access_ = access;
  deadline_ = options.deadline;
  wire_->SetDeadline(options.deadline + kServerGrace, GoneBeforeDeadline(options));
  std::string script = BeginScript(access, left);
  if (absl::Now() >= plans_end_) {
    plans_end_ = absl::Now() + kPlanAgeMax;
    absl::StrAppend(&script, "; DISCARD PLANS");
  }
  return RunScript("Begin", script);
}

absl::Status PostgresConnection::Commit() {
  wire_->SetDeadline(absl::Now() + kCommitWaitMax);
  // Without a timeout: one that hits while a replica is waited for would be answered by success.
  const bool has_timeout = deadline_ != absl::InfiniteFuture();
  CLIENTELE_RETURN_IF_ERROR(
      wire_->SendScript(has_timeout ? "SET LOCAL statement_timeout = 0; COMMIT" : "COMMIT"));
  bool is_committed = false;
  const absl::Status status =
      ReadResults(kCommitName, [&is_committed](const PostgresResult& result) {
        is_committed = absl::string_view(PQcmdStatus(result.get())) == "COMMIT";
      });
  if (status.ok()) {
    return is_committed ? status : SqlDefect("a transaction that had failed was to be committed");
  }
  const bool is_lost = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  return is_lost ? OutcomeUnknown(GetLogDetail(status)) : status;
}

void PostgresConnection::Rollback() {
  if (wire_->transaction_status() == PQTRANS_IDLE) {
    return;
  }
  wire_->SetDeadline(absl::Now() + kRollbackWaitMax);
  if (!RunScript("Rollback", "ROLLBACK").ok()) {
    wire_->Break();  // the server rolls back when it is gone
  }
}

absl::StatusOr<PostgresStatement*> PostgresConnection::Find(const Statement& statement) {
  return statements_.Get(statement, [&] {
    return PostgresStatement::Make(statement.name, statement.text, abandoned_);
  });
}

absl::StatusOr<PostgresStatement*> PostgresConnection::FindText(absl::string_view name,
                                                                absl::string_view text) {
  return statements_.GetText(text, [&] { return PostgresStatement::Make(name, text, abandoned_); });
}

absl::Status PostgresConnection::Run(PostgresStatement& statement, const PostgresParams& params,
                                     bool stream_rows, OnResult on_result) {
  CLIENTELE_RETURN_IF_ERROR(statement.CheckCount(params.types().size()));
  CLIENTELE_RETURN_IF_ERROR(Prepare(statement, params.types()));
  CLIENTELE_RETURN_IF_ERROR(wire_->SendPrepared(statement.server_name(), params));
  if (stream_rows) {
    wire_->StreamRows();
  }
  return ReadResults(statement.name(), on_result);
}

// Does nothing when it is prepared for these types. Gives back names of the server that are no
// longer needed beforehand: a statement is prepared seldom.
absl::Status PostgresConnection::Prepare(PostgresStatement& statement,
                                         const std::vector<Oid>& types) {
  if (statement.Fits(types)) {
    return absl::OkStatus();
  }
  for (const std::string& name : std::exchange(abandoned_, {})) {
    CLIENTELE_RETURN_IF_ERROR(RunScript("Deallocate", absl::StrCat("DEALLOCATE \"", name, "\"")));
  }
  const std::string server_name =
      absl::StrCat("s", ++prepared_count_, "_", statement.name()).substr(0, kServerNameBytesMax);
  const std::vector<Oid> refined = statement.Refined(types);
  CLIENTELE_RETURN_IF_ERROR(wire_->SendPrepare(server_name, statement.text(), refined));
  CLIENTELE_RETURN_IF_ERROR(ReadResults(statement.name(), &IgnoreResult));
  statement.SetPrepared(server_name, refined);
  return absl::OkStatus();
}

absl::Status PostgresConnection::RunScript(absl::string_view name, const std::string& text) {
  CLIENTELE_RETURN_IF_ERROR(wire_->SendScript(text));
  return ReadResults(name, &IgnoreResult);
}

absl::Status PostgresConnection::ReadResults(absl::string_view name, OnResult on_result) {
  absl::Status failed;
  while (true) {
    const absl::StatusOr<PostgresResult> result = wire_->NextResult();
    if (!result.ok()) {
      return failed.ok() ? result.status() : failed;
    }
    if (*result == nullptr) {
      return failed;
    }
    switch (PQresultStatus(result->get())) {
      case PGRES_COMMAND_OK:
      case PGRES_SINGLE_TUPLE:
      case PGRES_TUPLES_OK:
        on_result(*result);
        break;
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
        wire_->Break();  // it now waits for something that we do not have
        return SqlDefect(absl::StrCat(name, ": COPY is not among what we run"));
      default:
        failed = failed.ok() ? ErrorOf(*result, name) : failed;
    }
  }
}

absl::Status PostgresConnection::ErrorOf(const PostgresResult& result, absl::string_view name) {
  absl::Status error =
      PostgresError(result.get(), {.statement_name = name,
                                   .deadline_passed = absl::Now() >= deadline_,
                                   .is_read_only = access_ == PostgresAccess::kReadOnly});
  // Another connection may find the server well, or another server.
  if (absl::IsUnavailable(error) || IsFatal(result.get())) {
    wire_->Break();
  }
  return error;
}

}  // namespace clientele::sql
