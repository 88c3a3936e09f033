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
  CLIENTELE_ASSIGN_OR_RETURN(
      const bool has_gap,
      sql::WriteIn(database_, sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::StatusOr<bool> {
        CLIENTELE_ASSIGN_OR_RETURN(const bool was_open, NoteWriter(tx, name_, now));
        if (was_open) {
          CLIENTELE_RETURN_IF_ERROR(TellGap(tx, name_, now));
        }
        return was_open;
      }));
  seen_time_ = now;
  gap_count_.fetch_add(has_gap ? 1 : 0, std::memory_order_relaxed);
  return absl::OkStatus();
}

absl::Status AuditWriter::Write() {
  CLIENTELE_RETURN_IF_ERROR(
      buffer_.Flush([this](absl::Span<const CallRecord> calls) { return Store(calls); }));
  if (clock_.Now() - seen_time_ >= kSeenInterval) {
    CLIENTELE_RETURN_IF_ERROR(SaySeen());
  }
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t chained_count, chainer_.Chain());
  chained_count_.fetch_add(chained_count, std::memory_order_relaxed);
  return absl::OkStatus();
}

absl::Status AuditWriter::Close() {
  CLIENTELE_RETURN_IF_ERROR(Write());
  return database_.RunInTransaction(sql::BackgroundTx(),
                                    [this](sql::Tx& tx) { return ForgetWriter(tx, name_); });
}

absl::Status AuditWriter::SaySeen() {
  const absl::Time now = ToMicros(clock_.Now());
  // Who was silent for long itself, as when the database was away, cannot say that others are gone.
  const bool may_judge = now - seen_time_ < kSilenceMax / 2;
  CLIENTELE_ASSIGN_OR_RETURN(
      const size_t silent_count,
      sql::WriteIn(database_, sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::StatusOr<size_t> {
        CLIENTELE_RETURN_IF_ERROR(NoteWriter(tx, name_, now).status());
        if (!may_judge) {
          return 0;
        }
        CLIENTELE_ASSIGN_OR_RETURN(const std::vector<std::string> silent,
                                   ForgetSilentWriters(tx, now - kSilenceMax));
        for (const std::string& name : silent) {
          CLIENTELE_RETURN_IF_ERROR(TellGap(tx, name, now));
        }
        return silent.size();
      }));
  seen_time_ = now;
  gap_count_.fetch_add(static_cast<int64_t>(silent_count), std::memory_order_relaxed);
  return absl::OkStatus();
}

absl::Status AuditWriter::TellGap(sql::Tx& tx, absl::string_view name, absl::Time now) {
  const CallRecord gap{.kind = clientele::common::v1::AuditRecord::KIND_GAP,
                       .time = now,
                       .subjects = {absl::StrCat("replica/", name)}};
  return AppendToAuditOutbox(tx, PackRecords({&gap, 1}, now, ids_));
}

absl::Status AuditWriter::Store(absl::Span<const CallRecord> calls) {
  const std::vector<StoredRecord> records = PackRecords(calls, ToMicros(clock_.Now()), ids_);
  return database_.RunInTransaction(sql::BackgroundTx(),
                                    [&](sql::Tx& tx) { return AppendToAuditOutbox(tx, records); });
}

}  // namespace clientele::audit
