#ifndef COMMON_SQL_POSTGRES_TX_H_
#define COMMON_SQL_POSTGRES_TX_H_

// A transaction on a PostgresConnection that its creator has begun and will end.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/sql/migration_script.h"
#include "common/sql/postgres_connection.h"
#include "common/sql/statement_observer.h"
#include "common/sql/tx_state.h"

namespace clientele::sql {

class PostgresTx final : public Tx {
 public:
  // All must outlive it; `schema` is where our tables are.
  PostgresTx(PostgresConnection& connection, const StatementObserver& observer,
             const std::string& schema)
      : connection_(connection), observer_(observer), schema_(schema) {}

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
  bool IsCitus() const override { return connection_.kind() == PostgresKind::kCitus; }

  // The first error of a statement; OK while the transaction can still be committed.
  const absl::Status& first_error() const { return state_.first_error(); }

 private:
  class GivenRows;

  // Builds an index outside of the transaction, which it commits before and begins anew after.
  absl::Status BuildOnline(const OnlineIndex& index);

  // Whether a statement that counts finds anything.
  absl::StatusOr<bool> IsAny(const Statement& count, absl::Span<const Param> params);

  absl::Status LockOneByOne(absl::string_view table, absl::string_view key_column,
                            absl::Span<const std::string> keys);

  absl::Status RunQuery(absl::StatusOr<PostgresStatement*> found,
                        const absl::StatusOr<PostgresParams>& params, RowCallback on_row);
  absl::Status EndQuery(const absl::Status& run, const GivenRows& rows);

  PostgresConnection& connection_;
  const StatementObserver& observer_;
  const std::string& schema_;
  TxState state_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_TX_H_
