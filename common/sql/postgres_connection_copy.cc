// How a PostgresConnection inserts many rows by COPY.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/sql/postgres_connection.h"
#include "common/sql/stored_text.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// From here on COPY costs the server less than arrays do (measured; ADR 73): with fewer rows, what
// it sets up for a table and its additional round trip cost more than it saves.
constexpr size_t kCopyRowsMin = 2'000;

// How much goes out at a time: the server works on it while the next rows are encoded.
constexpr size_t kPieceBytes = size_t{64} << 10;

// What the binary format begins with: its signature, no flags and no extension.
constexpr absl::string_view kCopyHead("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);

// In place of the number of a row's values, behind the last row.
constexpr absl::string_view kCopyEnd("\377\377", 2);

void AppendRow(std::string& out, const std::vector<Param>& row) {
  AppendNumber(out, row.size(), sizeof(int16_t));
  for (const Param& param : row) {
    AppendValue(out, param);
  }
}

// Whether columns of `column_types` take values of `types` as they are: COPY does not convert them,
// and takes eight characters for a number.
bool TakeAsTheyAre(const std::vector<Oid>& column_types, const std::vector<Oid>& types) {
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i] != kPostgresUnknown && types[i] != column_types[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

absl::StatusOr<bool> PostgresConnection::MayCopy(PostgresStatement& statement, Batch batch) {
  if (!statement.copy().has_value() || batch.size() < kCopyRowsMin ||
      kind_ == PostgresKind::kCitus) {
    return false;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Oid> types, TypesOf(batch));
  CLIENTELE_RETURN_IF_ERROR(statement.CheckCount(types.size()));
  if (statement.column_types().empty()) {
    CLIENTELE_RETURN_IF_ERROR(FindColumnTypes(statement));
  }
  return TakeAsTheyAre(statement.column_types(), types);
}

absl::Status PostgresConnection::FindColumnTypes(PostgresStatement& statement) {
  CLIENTELE_RETURN_IF_ERROR(wire_->SendScript(statement.copy()->columns_text));
  return ReadResults(statement.name(), [&statement](const PostgresResult& result) {
    std::vector<Oid> types;
    types.reserve(PQnfields(result.get()));
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      types.push_back(PQftype(result.get(), column));
    }
    statement.SetColumnTypes(std::move(types));
  });
}

absl::StatusOr<int64_t> PostgresConnection::CopyRows(const PostgresStatement& statement,
                                                     Batch batch) {
  for (const std::vector<Param>& row : batch) {  // before anything is sent, as with parameters
    for (const Param& param : row) {
      CLIENTELE_RETURN_IF_ERROR(CheckStorable(param));
    }
  }
  CLIENTELE_RETURN_IF_ERROR(BeginCopy(statement.name(), statement.copy()->text));
  CLIENTELE_RETURN_IF_ERROR(SendRows(batch));
  int64_t copied_count = 0;
  CLIENTELE_RETURN_IF_ERROR(ReadResults(
      statement.name(),
      [&copied_count](const PostgresResult& result) { copied_count = ChangedRows(result); }));
  return copied_count;
}

absl::Status PostgresConnection::BeginCopy(absl::string_view name, const std::string& text) {
  CLIENTELE_RETURN_IF_ERROR(wire_->SendScript(text));
  CLIENTELE_ASSIGN_OR_RETURN(const PostgresResult result, wire_->NextResult());
  if (result != nullptr && PQresultStatus(result.get()) == PGRES_COPY_IN) {
    return absl::OkStatus();
  }
  absl::Status refused = ErrorOf(result, name);
  CLIENTELE_RETURN_IF_ERROR(ReadResults(name, [](const PostgresResult&) {}));
  return refused;
}

absl::Status PostgresConnection::SendRows(Batch batch) {
  std::string piece(kCopyHead);
  piece.reserve(kPieceBytes + kPieceBytes / 4);
  for (const std::vector<Param>& row : batch) {
    AppendRow(piece, row);
    if (piece.size() >= kPieceBytes) {
      CLIENTELE_RETURN_IF_ERROR(wire_->SendCopyData(piece));
      piece.clear();
    }
  }
  piece.append(kCopyEnd.data(), kCopyEnd.size());
  CLIENTELE_RETURN_IF_ERROR(wire_->SendCopyData(piece));
  return wire_->EndCopy();
}

}  // namespace clientele::sql
