#include "common/audit/audit_writer.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/audit/audit_store.h"
#include "common/audit/call_record.h"
#include "common/audit/limits.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"

namespace clientele::audit {
namespace {

// As of the feed's sequencer: how long a silent process keeps the job from others.
constexpr absl::Duration kLeaseTtl = absl::Seconds(10);

absl::Time ToMicros(absl::Time time) { return absl::FromUnixMicros(absl::ToUnixMicros(time)); }

}  // namespace

AuditWriter::AuditWriter(sql::Database& database, const Clock& clock, UuidV7Generator& ids,
                         std::string name)
    : database_(database),
      clock_(clock),
      ids_(ids),
      name_(std::move(name)),
      buffer_(kBufferWeightMax),
      chainer_(database, clock, name_, kLeaseTtl) {}

absl::Status AuditWriter::Open() {
  const absl::Time now = ToMicros(clock_.Now());
  const CallRecord gap{.kind = clientele::common::v1::AuditRecord::KIND_GAP,
                       .time = now,
                       .subjects = {absl::StrCat("replica/", name_)}};
  const std::vector<StoredRecord> records = PackRecords({&gap, 1}, now, ids_);
  CLIENTELE_ASSIGN_OR_RETURN(
      const bool has_gap,
      sql::WriteIn(database_, sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::StatusOr<bool> {
        CLIENTELE_ASSIGN_OR_RETURN(const bool was_open, SetWriterOpen(tx, name_, true));
        if (was_open) {
          CLIENTELE_RETURN_IF_ERROR(AppendToAuditOutbox(tx, records));
        }
        return was_open;
      }));
  gap_count_.fetch_add(has_gap ? 1 : 0, std::memory_order_relaxed);
  return absl::OkStatus();
}

absl::Status AuditWriter::Write() {
  CLIENTELE_RETURN_IF_ERROR(
      buffer_.Flush([this](absl::Span<const CallRecord> calls) { return Store(calls); }));
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t chained_count, chainer_.Chain());
  chained_count_.fetch_add(chained_count, std::memory_order_relaxed);
  return absl::OkStatus();
}

absl::Status AuditWriter::Close() {
  CLIENTELE_RETURN_IF_ERROR(Write());
  return sql::WriteIn(database_, sql::BackgroundTx(),
                      [this](sql::Tx& tx) { return SetWriterOpen(tx, name_, false); })
      .status();
}

absl::Status AuditWriter::Store(absl::Span<const CallRecord> calls) {
  const std::vector<StoredRecord> records = PackRecords(calls, ToMicros(clock_.Now()), ids_);
  return database_.RunInTransaction(sql::BackgroundTx(),
                                    [&](sql::Tx& tx) { return AppendToAuditOutbox(tx, records); });
}

}  // namespace clientele::audit
