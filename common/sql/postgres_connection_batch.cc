// How a PostgresConnection runs a statement for many rows: inserts by arrays, all else as many
// statements in one pipeline.

#include <algorithm>
#include <utility>

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

}  // namespace

absl::Status PostgresConnection::RunEach(PostgresStatement& statement, Batch batch,
                                         OnWantedElement on_element) {
  bool wants_more = true;
  for (size_t done_count = 0; done_count < batch.size() && wants_more;) {
    const Batch left = batch.subspan(done_count);
    const Batch chunk = left.first(ChunkSize(left));
    CLIENTELE_RETURN_IF_ERROR(
        RunChunk(statement, chunk, done_count, [&](size_t index, const PostgresResult& result) {
          wants_more = on_element(index, result);
        }));
    done_count += chunk.size();
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> PostgresConnection::ExecuteEach(PostgresStatement& statement, Batch batch) {
  CLIENTELE_ASSIGN_OR_RETURN(const bool may_copy, MayCopy(statement, batch));
  if (may_copy) {
    return CopyRows(statement, batch);
  }
  int64_t changed_count = 0;
  while (!batch.empty()) {
    const size_t size = ChunkSize(batch);
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t count, ExecuteChunk(statement, batch.first(size)));
    changed_count += count;
    batch.remove_prefix(size);
  }
  return changed_count;
}

absl::StatusOr<int64_t> PostgresConnection::ExecuteChunk(PostgresStatement& statement,
                                                         Batch chunk) {
  // Citus sends rows that are VALUES to where they belong, and collects those of a SELECT first.
  if (chunk.size() > 1 && kind_ != PostgresKind::kCitus) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Oid> types, TypesOf(chunk));
    CLIENTELE_RETURN_IF_ERROR(statement.CheckCount(types.size()));
    PostgresStatement* const for_arrays = statement.ForArrays(types);
    if (for_arrays != nullptr) {
      return InsertChunk(*for_arrays, statement.row_types(), chunk);
    }
  }
  int64_t changed_count = 0;
  bool returns_rows = false;
  CLIENTELE_RETURN_IF_ERROR(RunChunk(
      statement, chunk, /*first_index=*/0, [&](size_t /*index*/, const PostgresResult& result) {
        changed_count += ChangedRows(result);
        returns_rows = returns_rows || PQresultStatus(result.get()) == PGRES_TUPLES_OK;
      }));
  if (returns_rows) {
    return SqlDefect(absl::StrCat(statement.name(), ": a statement of a batch returns rows"));
  }
  return changed_count;
}

absl::StatusOr<int64_t> PostgresConnection::InsertChunk(PostgresStatement& for_arrays,
                                                        const std::vector<Oid>& types,
                                                        Batch chunk) {
  CLIENTELE_ASSIGN_OR_RETURN(const PostgresParams arrays,
                             PostgresParams::EncodeArrays(chunk, types));
  int64_t changed_count = 0;
  CLIENTELE_RETURN_IF_ERROR(Run(
      for_arrays, arrays, /*stream_rows=*/false,
      [&changed_count](const PostgresResult& result) { changed_count += ChangedRows(result); }));
  return changed_count;
}

absl::Status PostgresConnection::RunChunk(PostgresStatement& statement, Batch chunk,
                                          size_t first_index, OnElement on_element) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Oid> types, TypesOf(chunk));
  CLIENTELE_RETURN_IF_ERROR(statement.CheckCount(types.size()));
  std::vector<PostgresParams> encoded;  // before anything is sent: a defect breaks no connection
  encoded.reserve(chunk.size());
  for (const std::vector<Param>& row : chunk) {
    CLIENTELE_ASSIGN_OR_RETURN(PostgresParams params, PostgresParams::Encode(row));
    encoded.push_back(std::move(params));
  }
  CLIENTELE_RETURN_IF_ERROR(Prepare(statement, types));
  wire_->EnterPipeline();
  absl::Status status = SendAll(statement, encoded);
  if (status.ok()) {
    status = ReadAll(statement.name(), first_index, on_element);
  }
  wire_->ExitPipeline();
  return status;
}

absl::Status PostgresConnection::SendAll(const PostgresStatement& statement,
                                         absl::Span<const PostgresParams> rows) {
  for (const PostgresParams& params : rows) {
    CLIENTELE_RETURN_IF_ERROR(wire_->SendPrepared(statement.server_name(), params));
  }
  return wire_->SyncPipeline();
}

absl::Status PostgresConnection::ReadAll(absl::string_view name, size_t first_index,
                                         OnElement on_element) {
  size_t index = first_index;
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
        return failed;
      case PGRES_SINGLE_TUPLE:  // libpq streams the first statement when it streamed the one before
        on_element(index, *result);
        break;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        on_element(index++, *result);
        break;
      case PGRES_PIPELINE_ABORTED:
        break;
      default:
        failed = failed.ok() ? ErrorOf(*result, name) : failed;
    }
  }
}

}  // namespace clientele::sql
