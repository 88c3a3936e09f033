#ifndef COMMON_SQL_POSTGRES_RESULT_H_
#define COMMON_SQL_POSTGRES_RESULT_H_

// Results of libpq, and the rows in them.
//
// Thread safety: none; a result belongs to whoever holds it.

#include <libpq-fe.h>

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/sql/database.h"

namespace clientele::sql {

struct PostgresResultClearer {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, PostgresResultClearer>;

// PostgreSQL's numbers of the types that cross the wire; fixed since it has them.
inline constexpr Oid kPostgresUnknown = 0;  // in a parameter: the server finds out
inline constexpr Oid kPostgresBytea = 17;
inline constexpr Oid kPostgresInt8 = 20;
inline constexpr Oid kPostgresInt2 = 21;
inline constexpr Oid kPostgresInt4 = 23;
inline constexpr Oid kPostgresText = 25;
inline constexpr Oid kPostgresFloat8 = 701;
inline constexpr Oid kPostgresByteaArray = 1001;
inline constexpr Oid kPostgresTextArray = 1009;
inline constexpr Oid kPostgresInt8Array = 1016;
inline constexpr Oid kPostgresFloat8Array = 1022;
inline constexpr Oid kPostgresVarchar = 1043;

// OK when every column of a result, which came in binary format, can be read by PostgresRow; else
// INTERNAL: the statement of that name lacks a CAST.
absl::Status CheckColumns(const PGresult* result, absl::string_view statement_name);

// How many rows the statement of a result inserted, updated or deleted; 0 when it does no such
// thing.
int64_t ChangedRows(const PostgresResult& result);

// A row of a result that passed CheckColumns.
class PostgresRow final : public Row {
 public:
  // `result` outlives it.
  PostgresRow(const PGresult* result, int row) : result_(result), row_(row) {}

  bool IsNull(int column) const override;
  int64_t Int64(int column) const override;
  double Double(int column) const override;
  absl::string_view Text(int column) const override;
  absl::string_view Blob(int column) const override;

 private:
  absl::string_view Value(int column) const;

  const PGresult* const result_;
  const int row_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_RESULT_H_
