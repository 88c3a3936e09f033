// How a PostgresConnection runs a statement for many rows: inserts by arrays, all else as many
// statements in one pipeline.

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/sql/errors.h"
#include "common/sql/postgres_connection.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// Of a batch under way at a time: enough to hide the way to the server, little enough to hold.
constexpr size_t kChunkRowsMax = 1024;
constexpr size_t kChunkBytesMax = 1 << 20;

// As many rows of `batch` as make a chunk, one at least.
size_t ChunkSize(absl::Span<const std::vector<Param>> batch) {
  size_t size = 0;
  size_t bytes = 0;
  while (size < std::min(batch.size(), kChunkRowsMax) && bytes < kChunkBytesMax) {
    bytes += WireBytes(batch[size++]);
  }
  return size;
}

int64_t ChangedRows(const PostgresResult& result) {
  const char* const text = PQcmdTuples(result.get());
  int64_t count = 0;
  return absl::SimpleAtoi(text, &count) ? count : 0;
}

// The types of the values of all rows of a chunk, which has one at least; unknown where all are
// NULL.
absl::StatusOr<std::vector<Oid>> TypesOf(absl::Span<const std::vector<Param>> chunk) {
  std::vector<Oid> types(chunk.front().size(), kPostgresUnknown);
  for (const std::vector<Param>& row : chunk) {
    if (row.size() != types.size()) {
      return SqlDefect("the rows of a batch differ in how many values they have");
    }
    for (size_t i = 0; i < types.size(); ++i) {
      const Oid type = TypeOf(row[i]);
      if (types[i] == kPostgresUnknown) {
        types[i] = type;
      } else if (type != kPostgresUnknown && type != types[i]) {
        return SqlDefect("a batch binds values of several types to one parameter");
      }
    }
  }
  return types;
}

}  // namespace

absl::StatusOr<int64_t> PostgresConnection::RunBatch(PostgresStatement& statement,
                                                     absl::Span<const std::vector<Param>> batch,
                                                     RowsOfBatch rows) {
  int64_t changed_count = 0;
  while (!batch.empty()) {
    const size_t size = ChunkSize(batch);
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t count, RunChunk(statement, batch.first(size), rows));
    changed_count += count;
    batch.remove_prefix(size);
  }
  return changed_count;
}

absl::StatusOr<int64_t> PostgresConnection::RunChunk(PostgresStatement& statement, Chunk chunk,
                                                     RowsOfBatch rows) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Oid> types, TypesOf(chunk));
  CLIENTELE_RETURN_IF_ERROR(statement.CheckCount(types.size()));
  // Citus sends rows that are VALUES to where they belong, and collects those of a SELECT first.
  const bool may_use_arrays = chunk.size() > 1 && kind_ != PostgresKind::kCitus;
  PostgresStatement* const for_arrays = may_use_arrays ? statement.ForArrays(types) : nullptr;
  return for_arrays != nullptr ? InsertChunk(*for_arrays, statement.row_types(), chunk)
                               : RunOneByOne(statement, types, chunk, rows);
}

absl::StatusOr<int64_t> PostgresConnection::InsertChunk(PostgresStatement& for_arrays,
                                                        const std::vector<Oid>& types,
                                                        Chunk chunk) {
  CLIENTELE_ASSIGN_OR_RETURN(const PostgresParams arrays,
                             PostgresParams::EncodeArrays(chunk, types));
  int64_t changed_count = 0;
  CLIENTELE_RETURN_IF_ERROR(Run(
      for_arrays, arrays, /*stream_rows=*/false,
      [&changed_count](const PostgresResult& result) { changed_count += ChangedRows(result); }));
  return changed_count;
}

absl::StatusOr<int64_t> PostgresConnection::RunOneByOne(PostgresStatement& statement,
                                                        const std::vector<Oid>& types, Chunk chunk,
                                                        RowsOfBatch rows) {
  std::vector<PostgresParams> encoded;  // before anything is sent: a defect breaks no connection
  encoded.reserve(chunk.size());
  for (const std::vector<Param>& row : chunk) {
    CLIENTELE_ASSIGN_OR_RETURN(PostgresParams params, PostgresParams::Encode(row));
    encoded.push_back(std::move(params));
  }
  CLIENTELE_RETURN_IF_ERROR(Prepare(statement, types));
  wire_->EnterPipeline();
  const absl::Status sent = SendAll(statement, encoded);
  absl::StatusOr<int64_t> changed_count = sent.ok() ? ReadAll(statement.name(), rows) : sent;
  wire_->ExitPipeline();
  return changed_count;
}

absl::Status PostgresConnection::SendAll(const PostgresStatement& statement,
                                         absl::Span<const PostgresParams> rows) {
  for (const PostgresParams& params : rows) {
    CLIENTELE_RETURN_IF_ERROR(wire_->SendPrepared(statement.server_name(), params));
  }
  return wire_->SyncPipeline();
}

absl::StatusOr<int64_t> PostgresConnection::ReadAll(absl::string_view name, RowsOfBatch rows) {
  int64_t changed_count = 0;
  absl::Status failed;
  while (true) {
    const absl::StatusOr<PostgresResult> result = wire_->NextResult();
    if (!result.ok()) {
      return failed.ok() ? result.status() : failed;
    }
    if (*result == nullptr) {
      continue;  // behind the results of each statement
    }
    switch (PQresultStatus(result->get())) {
      case PGRES_PIPELINE_SYNC:
        return failed.ok() ? absl::StatusOr<int64_t>(changed_count) : failed;
      case PGRES_COMMAND_OK:
        changed_count += ChangedRows(*result);
        break;
      case PGRES_PIPELINE_ABORTED:
        break;
      case PGRES_TUPLES_OK:
        if (rows == RowsOfBatch::kRefuse) {
          failed = SqlDefect(absl::StrCat(name, ": a statement of a batch returns rows"));
        }
        break;
      default:
        failed = failed.ok() ? ErrorOf(*result, name) : failed;
    }
  }
}

}  // namespace clientele::sql
