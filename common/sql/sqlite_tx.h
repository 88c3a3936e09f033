#ifndef COMMON_SQL_SQLITE_TX_H_
#define COMMON_SQL_SQLITE_TX_H_

// A transaction on a SqliteConnection that its creator has begun and will end.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/sql/sqlite_connection.h"
#include "common/sql/statement_observer.h"
#include "common/sql/tx_state.h"

namespace clientele::sql {

class SqliteTx final : public Tx {
 public:
  // Both must outlive it.
  SqliteTx(SqliteConnection& connection, const StatementObserver& observer)
      : connection_(connection), observer_(observer) {}

  absl::Status Query(const Statement& statement, absl::Span<const Param> params,
                     RowCallback on_row) override;
  absl::Status QueryBatch(const Statement& statement, absl::Span<const std::vector<Param>> batch,
                          BatchRowCallback on_row) override;
  absl::StatusOr<int64_t> Execute(const Statement& statement,
                                  absl::Span<const Param> params) override;
  absl::StatusOr<int64_t> ExecuteBatch(const Statement& statement,
                                       absl::Span<const std::vector<Param>> batch) override;
  absl::Status QueryText(absl::string_view name, absl::string_view text,
                         absl::Span<const Param> params, RowCallback on_row) override;
  absl::Status LockRows(absl::string_view table, absl::string_view key_column,
                        absl::Span<const std::string> keys) override;
  absl::StatusOr<absl::Time> DatabaseTime() override;
  absl::Status BeginSchemaChange() override;
  absl::Status ExecuteSchema(absl::string_view text) override;
  absl::StatusOr<bool> TableExists(absl::string_view table) override;
  bool IsCitus() const override { return false; }

  // The first error of a statement; OK while the transaction can still be committed.
  const absl::Status& first_error() const { return state_.first_error(); }

 private:
  // `prepared`, unless it failed or would write in a read-only transaction.
  absl::StatusOr<SqliteStatement*> Admit(absl::StatusOr<SqliteStatement*> prepared);

  absl::Status RunQuery(absl::StatusOr<SqliteStatement*> prepared, absl::Span<const Param> params,
                        RowCallback on_row);
  absl::Status RunAdmitted(SqliteStatement& statement, absl::Span<const Param> params,
                           RowCallback on_row);

  SqliteConnection& connection_;
  const StatementObserver& observer_;
  TxState state_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_SQLITE_TX_H_
