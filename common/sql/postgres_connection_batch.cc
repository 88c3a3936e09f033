// How a PostgresConnection runs a statement for many rows: many in one pipeline, and inserts by
// several rows a statement.

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
constexpr size_t kChunkStatementsMax = 256;
constexpr size_t kChunkBytesMax = 1 << 20;

int64_t ChangedRows(const PostgresResult& result) {
  const char* const text = PQcmdTuples(result.get());
  int64_t count = 0;
  return absl::SimpleAtoi(text, &count) ? count : 0;
}

// The types of all parameters of a chunk together.
absl::StatusOr<std::vector<Oid>> TypesOf(const std::vector<PostgresParams>& chunk) {
  std::vector<Oid> types = chunk.front().types();
  for (const PostgresParams& params : chunk) {
    for (size_t i = 0; i < std::min(types.size(), params.types().size()); ++i) {
      const Oid type = params.types()[i];
      if (types[i] == kPostgresUnknown) {
        types[i] = type;
      } else if (type != kPostgresUnknown && type != types[i]) {
        return SqlDefect("a batch binds values of several types to one parameter");
      }
    }
  }
  return types;
}

std::vector<Oid> Repeated(const std::vector<Oid>& types, int count) {
  std::vector<Oid> repeated;
  repeated.reserve(types.size() * count);
  for (int i = 0; i < count; ++i) {
    repeated.insert(repeated.end(), types.begin(), types.end());
  }
  return repeated;
}

}  // namespace

absl::StatusOr<int64_t> PostgresConnection::RunBatch(PostgresStatement& statement,
                                                     absl::Span<const std::vector<Param>> batch,
                                                     RowsOfBatch rows) {
  int64_t changed_count = 0;
  for (size_t next = 0; next < batch.size();) {
    std::vector<PostgresParams> chunk;
    size_t bytes = 0;
    while (next < batch.size() && chunk.size() < kChunkStatementsMax && bytes < kChunkBytesMax) {
      CLIENTELE_ASSIGN_OR_RETURN(PostgresParams params, PostgresParams::Encode(batch[next++]));
      CLIENTELE_RETURN_IF_ERROR(statement.CheckCount(params));
      bytes += params.wire_bytes();
      chunk.push_back(std::move(params));
    }
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t count, RunChunk(statement, chunk, rows));
    changed_count += count;
  }
  return changed_count;
}

absl::StatusOr<int64_t> PostgresConnection::RunChunk(PostgresStatement& statement,
                                                     const std::vector<PostgresParams>& chunk,
                                                     RowsOfBatch rows) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Oid> types, TypesOf(chunk));
  PostgresStatement* const many_rows =
      chunk.size() >= kInsertRows ? statement.ForManyRows() : nullptr;
  if (many_rows != nullptr) {
    CLIENTELE_RETURN_IF_ERROR(Prepare(*many_rows, Repeated(types, kInsertRows)));
  }
  if (many_rows == nullptr || chunk.size() % kInsertRows != 0) {
    CLIENTELE_RETURN_IF_ERROR(Prepare(statement, types));
  }
  wire_->EnterPipeline();
  const absl::Status sent = SendChunk(statement, many_rows, chunk);
  absl::StatusOr<int64_t> changed_count = sent.ok() ? ReadChunk(statement.name(), rows) : sent;
  wire_->ExitPipeline();
  return changed_count;
}

absl::Status PostgresConnection::SendChunk(const PostgresStatement& statement,
                                           const PostgresStatement* many_rows,
                                           absl::Span<const PostgresParams> chunk) {
  while (many_rows != nullptr && chunk.size() >= kInsertRows) {
    CLIENTELE_RETURN_IF_ERROR(wire_->SendPrepared(many_rows->server_name(),
                                                  PostgresParams::Join(chunk.first(kInsertRows))));
    chunk.remove_prefix(kInsertRows);
  }
  for (const PostgresParams& params : chunk) {
    CLIENTELE_RETURN_IF_ERROR(wire_->SendPrepared(statement.server_name(), params));
  }
  return wire_->SyncPipeline();
}

absl::StatusOr<int64_t> PostgresConnection::ReadChunk(absl::string_view name, RowsOfBatch rows) {
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
