#ifndef COMMON_SQL_POSTGRES_STATEMENT_H_
#define COMMON_SQL_POSTGRES_STATEMENT_H_

// One statement of one PostgreSQL connection, and as what the server has it prepared.
//
// Thread safety: none; belongs to its connection.

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sql/postgres_insert.h"
#include "common/sql/postgres_params.h"

namespace clientele::sql {

class PostgresStatement {
 public:
  // `text`: one statement whose parameters are $1 .. $n without a gap, INTERNAL otherwise. When it
  // goes, what the server still has prepared for it is added to `abandoned`, which outlives it.
  static absl::StatusOr<std::unique_ptr<PostgresStatement>> Make(
      absl::string_view name, absl::string_view text, std::vector<std::string>& abandoned);

  PostgresStatement(const PostgresStatement&) = delete;
  PostgresStatement& operator=(const PostgresStatement&) = delete;
  ~PostgresStatement() { Abandon(); }

  // Ours, for messages and metrics.
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }

  // The same for many rows, which its parameters hold as arrays; null when it is no statement that
  // InsertOfArrays rewrites. `row_types` are those of the values of the rows at hand, unknown where
  // all are NULL: then what earlier rows had, or nothing is said to the server about that column.
  // Valid until the next call.
  PostgresStatement* ForArrays(const std::vector<Oid>& row_types);

  // The types of a row's values as the last ForArrays had them.
  const std::vector<Oid>& row_types() const { return row_types_; }

  // The COPY that inserts such rows, if there is one, and the types of its columns: empty until
  // they have been set.
  const std::optional<PostgresCopy>& copy() const { return copy_; }
  const std::vector<Oid>& column_types() const { return column_types_; }
  void SetColumnTypes(std::vector<Oid> types) { column_types_ = std::move(types); }

  // INTERNAL when there are more or fewer than the statement names.
  absl::Status CheckCount(size_t count) const;

  // Whether it is prepared for parameters of these types; NULL fits everywhere.
  bool Fits(const std::vector<Oid>& types) const;

  // The types to prepare it with for `types`: where those are unknown, what it had.
  std::vector<Oid> Refined(const std::vector<Oid>& types) const;

  // The server has it under `server_name` with these types.
  void SetPrepared(std::string server_name, std::vector<Oid> types);
  const std::string& server_name() const { return server_name_; }

 private:
  PostgresStatement(absl::string_view name, absl::string_view text,
                    std::vector<std::string>& abandoned)
      : name_(name), text_(text), abandoned_(abandoned), copy_(CopyOf(text)) {}

  void Abandon();

  const std::string name_;
  const std::string text_;
  std::vector<std::string>& abandoned_;
  const std::optional<PostgresCopy> copy_;
  std::vector<Oid> column_types_;
  int parameter_count_ = 0;
  std::vector<Oid> row_types_;
  std::unique_ptr<PostgresStatement> for_arrays_;  // fits row_types_
  std::string server_name_;                        // empty = not prepared yet
  std::vector<Oid> types_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_STATEMENT_H_
