#include "services/profile/api/handlers/purchase_recording.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/container/btree_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/feed/event_record.h"
#include "common/handler/event_traces.h"
#include "common/handler/write_call.h"
#include "common/handler/write_tx.h"
#include "common/rpc/status_mapping.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/api/handlers/purchase_items.h"
#include "services/profile/store/customer_store.h"

namespace clientele::profile {
namespace {

void AddResult(const ApiContext& api, const PurchaseItem& item, const ItemOutcome& outcome,
               v1::RecordPurchasesResponse& response) {
  v1::RecordPurchasesResponse::Result& result = *response.add_results();
  *result.mutable_status() = rpc::ToRpcStatus(outcome.status, api.error_domain);
  if (!outcome.status.ok()) return;
  result.set_purchase_id(std::get<OrderItem>(item).purchase.header.id.value());
  result.set_already_recorded(outcome.already_recorded);
}

// Whom `recording` has changed, for the audit log.
std::vector<std::string> SubjectsOf(absl::Span<const ItemOutcome> outcomes,
                                    const PurchaseRecording& recording) {
  absl::btree_set<std::string> subjects;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].status.ok() && !outcomes[i].already_recorded) {
      subjects.insert(absl::StrCat(
          "customer/",
          std::get<OrderItem>(recording.items[i]).purchase.header.customer_id.value()));
    }
  }
  return {subjects.begin(), subjects.end()};
}

// Answers `recording` by the outcomes of its items, and remembers the answer when it changed
// anything; then `records` get what the audit log is told.
absl::Status Answer(const ApiContext& api, sql::Tx& tx, absl::Span<const ItemOutcome> outcomes,
                    absl::Time record_time, PurchaseRecording& recording,
                    std::vector<audit::CallRecord>& records) {
  recording.changed = false;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    AddResult(api, recording.items[i], outcomes[i], recording.response);
    recording.changed =
        recording.changed || (outcomes[i].status.ok() && !outcomes[i].already_recorded);
  }
  if (!recording.changed) return absl::OkStatus();
  if (recording.audit_record().has_value()) {
    records.push_back(*recording.audit_record());
    records.back().subjects = SubjectsOf(outcomes, recording);
  }
  return api.idempotency.Save(tx, recording.idempotency_key(),
                              recording.response.SerializeAsString(), record_time);
}

// The customers of all recordings, sorted and unique.
std::vector<std::string> LockKeysOf(absl::Span<PurchaseRecording* const> recordings) {
  absl::btree_set<std::string> ids;
  for (const PurchaseRecording* recording : recordings) {
    const auto own = recording->lock_keys();
    ids.insert(own.begin(), own.end());
  }
  return {ids.begin(), ids.end()};
}

EventTraces TracesOf(absl::Span<PurchaseRecording* const> recordings) {
  EventTraces traces;
  for (const PurchaseRecording* recording : recordings) {
    for (const std::string& customer_id : recording->lock_keys()) {
      traces.Add(customer_id, recording->traceparent());
    }
  }
  return traces;
}

// Does the recordings in their order; answers the events it wrote.
absl::StatusOr<std::vector<Event>> Record(const ApiContext& api, sql::Tx& tx,
                                          absl::Span<PurchaseRecording* const> recordings) {
  // The locks come before the look-ups: another replica may be doing the same request.
  CLIENTELE_RETURN_IF_ERROR(LockCustomers(tx, LockKeysOf(recordings)));
  std::vector<PurchaseRecording*> fresh;
  std::vector<const PurchaseItem*> items;
  fresh.reserve(recordings.size());
  items.reserve(recordings.size());
  for (PurchaseRecording* each : recordings) {
    PurchaseRecording& recording = *each;
    recording.response.Clear();
    const absl::StatusOr<bool> found =
        FindAnswer(api, tx, recording.idempotency_key(), recording.response);
    recording.refusal = found.status();  // the database's own errors also lose the transaction
    recording.replayed = found.ok() && *found;
    if (!found.ok() || *found) continue;
    fresh.push_back(&recording);
    for (const PurchaseItem& item : recording.items) items.push_back(&item);
  }
  const absl::Time record_time = api.RecordNow();
  CLIENTELE_ASSIGN_OR_RETURN(ItemsOutcome outcome, ApplyItems(tx, *api.vault, items, record_time));
  std::vector<feed::OutboxEvent> rows = ToOutboxEvents(outcome.events, record_time, api.ids);
  TracesOf(fresh).PutInto(rows);
  CLIENTELE_RETURN_IF_ERROR(feed::AppendToOutbox(tx, rows));
  absl::Span<const ItemOutcome> left = outcome.items;
  std::vector<audit::CallRecord> records;
  records.reserve(fresh.size());
  for (PurchaseRecording* recording : fresh) {
    const size_t count = recording->items.size();
    CLIENTELE_RETURN_IF_ERROR(Answer(api, tx, left.first(count), record_time, *recording, records));
    left.remove_prefix(count);
  }
  CLIENTELE_RETURN_IF_ERROR(AppendAudit(api, tx, std::move(records), record_time));
  return std::move(outcome.events);
}

}  // namespace

size_t PurchaseRecording::WeightOf(absl::Span<const PurchaseItem> purchases) {
  constexpr size_t kLinesPerPurchase = kRecordLinesMax / kRecordPurchasesMax;
  size_t line_count = 0;
  for (const PurchaseItem& item : purchases) {
    const auto* order = std::get_if<OrderItem>(&item);
    if (order != nullptr) line_count += order->purchase.lines.size();
  }
  return std::max({purchases.size(), line_count / kLinesPerPurchase, size_t{1}});
}

std::vector<std::string> PurchaseRecording::CustomerIdsOf(
    absl::Span<const PurchaseItem> purchases) {
  absl::btree_set<std::string> ids;
  for (const PurchaseItem& item : purchases) {
    const auto* order = std::get_if<OrderItem>(&item);
    if (order != nullptr) ids.insert(order->purchase.header.customer_id.value());
  }
  return {ids.begin(), ids.end()};
}

absl::Status CommitRecordings(const ApiContext& api, absl::Span<sql::GroupMember* const> members,
                              absl::Time deadline) {
  std::vector<PurchaseRecording*> recordings;
  recordings.reserve(members.size());
  for (sql::GroupMember* member : members) {
    recordings.push_back(static_cast<PurchaseRecording*>(member));
  }
  std::vector<Event> events;
  CLIENTELE_RETURN_IF_ERROR(
      RunIdempotentWrite(api, {.deadline = deadline}, [&](sql::Tx& tx) -> absl::StatusOr<bool> {
        CLIENTELE_ASSIGN_OR_RETURN(events, Record(api, tx, recordings));
        return !events.empty();
      }));
  OutdateCustomers(api, events);
  return absl::OkStatus();
}

}  // namespace clientele::profile
