#include "common/audit/audit_store.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/sql.h"
#include "common/sql/columns.h"
#include "common/status/macros.h"

namespace clientele::audit {

absl::Status AppendToAuditOutbox(sql::Tx& tx, absl::Span<const StoredRecord> records) {
  if (records.empty()) {
    return absl::OkStatus();
  }
  std::vector<std::vector<sql::Param>> batch;
  batch.reserve(records.size());
  for (const StoredRecord& record : records) {
    batch.push_back({absl::string_view(record.id), absl::ToUnixMicros(record.record_time),
                     sql::Bytes{record.content}});
  }
  return tx.ExecuteBatch(kInsertAuditOutbox, batch).status();
}

absl::StatusOr<chain::Head> ReadHead(sql::Tx& tx, int partition) {
  chain::Head head;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectAuditHead, {int64_t{partition}}, [&](const sql::Row& row) {
        head = {row.Int64(0), sql::BytesAt(row, 1)};
        return absl::OkStatus();
      }));
  return head;
}

absl::Status ReadEntries(sql::Tx& tx, int partition, int64_t from, int limit,
                         absl::FunctionRef<absl::Status(Entry entry)> on_entry) {
  return tx.Query(kSelectAuditEntries, {int64_t{partition}, from, int64_t{limit}},
                  [&](const sql::Row& row) {
                    return on_entry({.partition = partition,
                                     .position = row.Int64(0),
                                     .record = {.id = std::string(row.Text(1)),
                                                .record_time = absl::FromUnixMicros(row.Int64(2)),
                                                .content = std::string(row.Blob(3))},
                                     .hash = std::string(row.Blob(4))});
                  });
}

absl::StatusOr<bool> NoteWriter(sql::Tx& tx, absl::string_view name, absl::Time now) {
  bool was_open = false;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectAuditWriter, {name}, [&](const sql::Row& row) {
    was_open = row.Int64(0) == 1;
    return absl::OkStatus();
  }));
  CLIENTELE_RETURN_IF_ERROR(
      tx.Execute(kUpsertAuditWriter, {name, absl::ToUnixMicros(now)}).status());
  return was_open;
}

absl::Status ForgetWriter(sql::Tx& tx, absl::string_view name) {
  return tx.Execute(kDeleteAuditWriter, {name}).status();
}

absl::StatusOr<std::vector<std::string>> ForgetSilentWriters(sql::Tx& tx, absl::Time time) {
  std::vector<std::string> names;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kDeleteSilentAuditWriters, {absl::ToUnixMicros(time)}, [&](const sql::Row& row) {
        if (row.Int64(1) == 1) {
          names.emplace_back(row.Text(0));
        }
        return absl::OkStatus();
      }));
  return names;
}

}  // namespace clientele::audit
