#include "common/sql/postgres_tx.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/sql/errors.h"
#include "common/sql/postgres_params.h"
#include "common/sql/postgres_result.h"
#include "common/sql/statement_timer.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr absl::string_view kLockRowsName = "LockRows";

constexpr Statement kDatabaseTime = {
    "DatabaseTime", "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"};

// Names go into the text of a statement: they are constants of a store, never input.
bool IsName(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_';
  });
}

absl::Status IgnoreRow(const Row& /*row*/) { return absl::OkStatus(); }

bool IgnoreElement(size_t /*index*/, const PostgresResult& /*result*/) { return true; }

}  // namespace

// What the results of a query are given out as, until its columns or the callback object.
class PostgresTx::GivenRows {
 public:
  // Both outlive it.
  GivenRows(absl::string_view statement_name, TxState& state)
      : statement_name_(statement_name), state_(state) {}

  // Answers whether more are wanted.
  bool Give(const PostgresResult& result, RowCallback on_row);

  // Of the statement: it loses the transaction.
  const absl::Status& defect() const { return defect_; }

  // Of the callback: what follows is read and dropped, so that the transaction lives on.
  const absl::Status& refusal() const { return refusal_; }

 private:
  const absl::string_view statement_name_;
  TxState& state_;
  bool are_columns_checked_ = false;
  absl::Status defect_;
  absl::Status refusal_;
};

bool PostgresTx::GivenRows::Give(const PostgresResult& result, RowCallback on_row) {
  if (!are_columns_checked_) {
    are_columns_checked_ = true;
    defect_ = CheckColumns(result.get(), statement_name_);
  }
  for (int row = 0; row < PQntuples(result.get()) && defect_.ok() && refusal_.ok(); ++row) {
    refusal_ = state_.GiveRow(PostgresRow(result.get(), row), on_row);
  }
  return defect_.ok() && refusal_.ok();
}

absl::Status PostgresTx::Query(const Statement& statement, absl::Span<const Param> params,
                               RowCallback on_row) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  const StatementTimer timer(observer_, statement.name);
  return RunQuery(connection_.Find(statement), PostgresParams::Encode(params), on_row);
}

absl::Status PostgresTx::QueryText(absl::string_view name, absl::string_view text,
                                   absl::Span<const Param> params, RowCallback on_row) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  const StatementTimer timer(observer_, name);
  return RunQuery(connection_.FindText(name, text), PostgresParams::Encode(params), on_row);
}

absl::Status PostgresTx::RunQuery(absl::StatusOr<PostgresStatement*> found,
                                  const absl::StatusOr<PostgresParams>& params,
                                  RowCallback on_row) {
  if (!found.ok() || !params.ok()) {
    return state_.Lose(found.ok() ? params.status() : found.status());
  }
  GivenRows rows((*found)->name(), state_);
  const absl::Status status =
      connection_.Run(**found, *params, /*stream_rows=*/true,
                      [&](const PostgresResult& result) { rows.Give(result, on_row); });
  return EndQuery(status, rows);
}

absl::Status PostgresTx::QueryBatch(const Statement& statement,
                                    absl::Span<const std::vector<Param>> batch,
                                    BatchRowCallback on_row) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  if (batch.empty()) {
    return absl::OkStatus();  // and is no statement for the observer
  }
  const StatementTimer timer(observer_, statement.name);
  const absl::StatusOr<PostgresStatement*> found = connection_.Find(statement);
  if (!found.ok()) {
    return state_.Lose(found.status());
  }
  GivenRows rows(statement.name, state_);
  const absl::Status status =
      connection_.RunEach(**found, batch, [&](size_t index, const PostgresResult& result) {
        return rows.Give(result, [&](const Row& row) { return on_row(index, row); });
      });
  return EndQuery(status, rows);
}

absl::Status PostgresTx::EndQuery(const absl::Status& run, const GivenRows& rows) {
  if (!run.ok() || !rows.defect().ok()) {
    return state_.Lose(run.ok() ? rows.defect() : run);
  }
  return rows.refusal();
}

absl::StatusOr<int64_t> PostgresTx::Execute(const Statement& statement,
                                            absl::Span<const Param> params) {
  return ExecuteBatch(statement, {std::vector<Param>(params.begin(), params.end())});
}

absl::StatusOr<int64_t> PostgresTx::ExecuteBatch(const Statement& statement,
                                                 absl::Span<const std::vector<Param>> batch) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  const StatementTimer timer(observer_, statement.name);
  const absl::StatusOr<PostgresStatement*> found = connection_.Find(statement);
  if (!found.ok()) {
    return state_.Lose(found.status());
  }
  absl::StatusOr<int64_t> changed_count = connection_.ExecuteEach(**found, batch);
  return changed_count.ok() ? changed_count : state_.Lose(changed_count.status());
}

absl::Status PostgresTx::LockRows(absl::string_view table, absl::string_view key_column,
                                  absl::Span<const std::string> keys) {
  CLIENTELE_CHECK(IsName(table) && IsName(key_column));
  CheckLockKeys(keys);
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  if (keys.empty()) {
    return absl::OkStatus();
  }
  const StatementTimer timer(observer_, kLockRowsName);
  if (IsCitus()) {
    return LockOneByOne(table, key_column, keys);
  }
  const std::string text = absl::StrCat("SELECT 1 FROM ", table, " WHERE ", key_column,
                                        " = ANY ($1) ORDER BY ", key_column, " FOR UPDATE");
  return RunQuery(connection_.FindText(kLockRowsName, text), PostgresParams::EncodeTextArray(keys),
                  &IgnoreRow);
}

// Citus locks rows of one shard a statement. They are still locked in the order of their keys: the
// statements of a pipeline run one after the other.
absl::Status PostgresTx::LockOneByOne(absl::string_view table, absl::string_view key_column,
                                      absl::Span<const std::string> keys) {
  const std::string text =
      absl::StrCat("SELECT 1 FROM ", table, " WHERE ", key_column, " = $1 FOR UPDATE");
  std::vector<std::vector<Param>> batch;
  batch.reserve(keys.size());
  for (const std::string& key : keys) {
    batch.push_back({absl::string_view(key)});
  }
  const absl::StatusOr<PostgresStatement*> found = connection_.FindText(kLockRowsName, text);
  const absl::Status status =
      found.ok() ? connection_.RunEach(**found, batch, &IgnoreElement) : found.status();
  return status.ok() ? status : state_.Lose(status);
}

absl::StatusOr<absl::Time> PostgresTx::DatabaseTime() {
  absl::Time time;
  CLIENTELE_RETURN_IF_ERROR(Query(kDatabaseTime, {}, [&time](const Row& row) {
    time = absl::FromUnixMicros(row.Int64(0));
    return absl::OkStatus();
  }));
  return time;
}

}  // namespace clientele::sql
