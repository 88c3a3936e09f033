#include "common/sql/sqlite_tx.h"

#include <utility>

#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/sql/sqlite_statement.h"
#include "common/sql/statement_timer.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr Statement kFindTable = {
    "FindTable", "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = $1"};

// Gives a statement's parameters free when it is no longer run.
class StatementUse {
 public:
  explicit StatementUse(SqliteStatement& statement) : statement_(statement) {}
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  ~StatementUse() { statement_.Release(); }

 private:
  SqliteStatement& statement_;
};

// Runs a statement that must not return rows.
absl::Status RunToEnd(SqliteStatement& statement, absl::Span<const Param> params) {
  CLIENTELE_RETURN_IF_ERROR(statement.Bind(params));
  CLIENTELE_ASSIGN_OR_RETURN(const bool has_row, statement.Step());
  statement.Reset();
  return has_row ? SqlDefect("a statement run by Execute returned a row") : absl::OkStatus();
}

}  // namespace

absl::Status SqliteTx::Query(const Statement& statement, absl::Span<const Param> params,
                             RowCallback on_row) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  const StatementTimer timer(observer_, statement.name);
  return RunQuery(connection_.Prepare(statement), params, on_row);
}

absl::Status SqliteTx::QueryText(absl::string_view name, absl::string_view text,
                                 absl::Span<const Param> params, RowCallback on_row) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  const StatementTimer timer(observer_, name);
  return RunQuery(connection_.PrepareText(text), params, on_row);
}

absl::Status SqliteTx::QueryBatch(const Statement& statement,
                                  absl::Span<const std::vector<Param>> batch,
                                  BatchRowCallback on_row) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  if (batch.empty()) {
    return absl::OkStatus();  // and is no statement for the observer
  }
  const StatementTimer timer(observer_, statement.name);
  const absl::StatusOr<SqliteStatement*> admitted = Admit(connection_.Prepare(statement));
  if (!admitted.ok()) {
    return state_.Lose(admitted.status());
  }
  for (size_t i = 0; i < batch.size(); ++i) {
    CLIENTELE_RETURN_IF_ERROR(
        RunAdmitted(**admitted, batch[i], [&on_row, i](const Row& row) { return on_row(i, row); }));
  }
  return absl::OkStatus();
}

absl::Status SqliteTx::RunQuery(absl::StatusOr<SqliteStatement*> prepared,
                                absl::Span<const Param> params, RowCallback on_row) {
  const absl::StatusOr<SqliteStatement*> admitted = Admit(std::move(prepared));
  if (!admitted.ok()) {
    return state_.Lose(admitted.status());
  }
  return RunAdmitted(**admitted, params, on_row);
}

absl::Status SqliteTx::RunAdmitted(SqliteStatement& statement, absl::Span<const Param> params,
                                   RowCallback on_row) {
  const StatementUse use(statement);
  if (absl::Status bound = statement.Bind(params); !bound.ok()) {
    return state_.Lose(std::move(bound));
  }
  const SqliteRow row(statement.handle());
  while (true) {
    const absl::StatusOr<bool> has_row = statement.Step();
    if (!has_row.ok()) {
      return state_.Lose(has_row.status());
    }
    if (!*has_row) {
      return absl::OkStatus();
    }
    CLIENTELE_RETURN_IF_ERROR(state_.GiveRow(row, on_row));
  }
}

absl::StatusOr<int64_t> SqliteTx::Execute(const Statement& statement,
                                          absl::Span<const Param> params) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  const StatementTimer timer(observer_, statement.name);
  const absl::StatusOr<SqliteStatement*> prepared = Admit(connection_.Prepare(statement));
  if (!prepared.ok()) {
    return state_.Lose(prepared.status());
  }
  const StatementUse use(**prepared);
  const int64_t changed_before = connection_.changed_row_count();
  if (absl::Status done = RunToEnd(**prepared, params); !done.ok()) {
    return state_.Lose(std::move(done));
  }
  return connection_.changed_row_count() - changed_before;
}

absl::StatusOr<int64_t> SqliteTx::ExecuteBatch(const Statement& statement,
                                               absl::Span<const std::vector<Param>> batch) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  const StatementTimer timer(observer_, statement.name);
  const absl::StatusOr<SqliteStatement*> prepared = Admit(connection_.Prepare(statement));
  if (!prepared.ok()) {
    return state_.Lose(prepared.status());
  }
  const StatementUse use(**prepared);
  const int64_t changed_before = connection_.changed_row_count();
  for (const std::vector<Param>& params : batch) {
    if (absl::Status done = RunToEnd(**prepared, params); !done.ok()) {
      return state_.Lose(std::move(done));
    }
  }
  return connection_.changed_row_count() - changed_before;
}

absl::Status SqliteTx::LockRows(absl::string_view /*table*/, absl::string_view /*key_column*/,
                                absl::Span<const std::string> keys) {
  CheckLockKeys(keys);
  return state_.CheckUsable();
}

absl::StatusOr<absl::Time> SqliteTx::DatabaseTime() {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  return absl::Now();
}

absl::Status SqliteTx::BeginSchemaChange() { return state_.CheckUsable(); }

absl::Status SqliteTx::ExecuteSchema(absl::string_view text) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  const absl::Status status = connection_.ExecuteScript(
      absl::StrReplaceAll(text, {{"/* sqlite: WITHOUT ROWID */", "WITHOUT ROWID"}}));
  return status.ok() ? status : state_.Lose(status);
}

absl::StatusOr<bool> SqliteTx::TableExists(absl::string_view table) {
  bool exists = false;
  CLIENTELE_RETURN_IF_ERROR(Query(kFindTable, {table}, [&exists](const Row& row) {
    exists = row.Int64(0) > 0;
    return absl::OkStatus();
  }));
  return exists;
}

absl::StatusOr<SqliteStatement*> SqliteTx::Admit(absl::StatusOr<SqliteStatement*> prepared) {
  if (prepared.ok() && connection_.access() == SqliteAccess::kReadOnly &&
      !(*prepared)->IsReadOnly()) {
    return SqlDefect("a statement would write in a read-only transaction");
  }
  return prepared;
}

}  // namespace clientele::sql
