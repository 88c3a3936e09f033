#include "common/sql/postgres_result.h"

#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/sql/errors.h"
#include "common/sql/postgres_byte_order.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

bool IsReadable(Oid type) {
  switch (type) {
    case kPostgresBytea:
    case kPostgresInt2:
    case kPostgresInt4:
    case kPostgresInt8:
    case kPostgresFloat8:
    case kPostgresText:
    case kPostgresVarchar:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::Status CheckColumns(const PGresult* result, absl::string_view statement_name) {
  for (int column = 0; column < PQnfields(result); ++column) {
    const Oid type = PQftype(result, column);
    if (!IsReadable(type)) {
      return SqlDefect(absl::StrCat(statement_name, ": column ", column, " has PostgreSQL's type ",
                                    type, "; CAST it to one of ours"));
    }
  }
  return absl::OkStatus();
}

int64_t ChangedRows(const PostgresResult& result) {
  int64_t count = 0;
  return absl::SimpleAtoi(PQcmdTuples(result.get()), &count) ? count : 0;
}

absl::string_view PostgresRow::Value(int column) const {
  CLIENTELE_CHECK(!IsNull(column));
  return {PQgetvalue(result_, row_, column),
          static_cast<size_t>(PQgetlength(result_, row_, column))};
}

bool PostgresRow::IsNull(int column) const {
  CLIENTELE_CHECK(column >= 0 && column < PQnfields(result_));
  return PQgetisnull(result_, row_, column) != 0;
}

int64_t PostgresRow::Int64(int column) const {
  const absl::string_view bytes = Value(column);
  const uint64_t value = ReadBigEndian(bytes);
  switch (PQftype(result_, column)) {
    case kPostgresInt2:
      return static_cast<int16_t>(value);
    case kPostgresInt4:
      return static_cast<int32_t>(value);
    default:
      CLIENTELE_CHECK(PQftype(result_, column) == kPostgresInt8);
      return static_cast<int64_t>(value);
  }
}

double PostgresRow::Double(int column) const {
  const uint64_t bits = ReadBigEndian(Value(column));
  CLIENTELE_CHECK(PQftype(result_, column) == kPostgresFloat8);
  double value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

absl::string_view PostgresRow::Text(int column) const {
  const absl::string_view text = Value(column);
  CLIENTELE_CHECK(PQftype(result_, column) == kPostgresText ||
                  PQftype(result_, column) == kPostgresVarchar);
  return text;
}

absl::string_view PostgresRow::Blob(int column) const {
  const absl::string_view bytes = Value(column);
  CLIENTELE_CHECK(PQftype(result_, column) == kPostgresBytea);
  return bytes;
}

}  // namespace clientele::sql
