#include "services/profile/api/handlers/purchase_recording.h"

#include <optional>
#include <variant>

#include "common/feed/event_record.h"
#include "common/sql/errors.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/api/converters/item_status.h"
#include "services/profile/api/handlers/purchase_items.h"

namespace clientele::profile {
namespace {

// Whether the recording is still to be done; else it was done before, or is refused.
absl::StatusOr<bool> IsNew(const ApiContext& api, sql::Tx& tx, PurchaseRecording& recording) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<std::string> answer,
                             api.idempotency.Find(tx, recording.idempotency_key()));
  recording.replayed = answer.has_value();
  if (!answer.has_value()) return true;
  if (!recording.response.ParseFromString(*answer)) {
    return sql::SqlDefect("a remembered answer cannot be read");
  }
  return false;
}

void AddResult(const PurchaseItem& item, const ItemOutcome& outcome,
               v1::RecordPurchasesResponse& response) {
  v1::RecordPurchasesResponse::Result& result = *response.add_results();
  *result.mutable_status() = ToItemStatusProto(outcome.status);
  if (!outcome.status.ok()) return;
  result.set_purchase_id(std::get<OrderItem>(item).purchase.header.id.value());
  result.set_already_recorded(outcome.already_recorded);
}

// Answers `recording` by the outcomes of its items, and remembers the answer when it changed
// anything.
absl::Status Answer(const ApiContext& api, sql::Tx& tx, absl::Span<const ItemOutcome> outcomes,
                    absl::Time record_time, PurchaseRecording& recording) {
  bool changed = false;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    AddResult(recording.items[i], outcomes[i], recording.response);
    changed = changed || (outcomes[i].status.ok() && !outcomes[i].already_recorded);
  }
  if (!changed) return absl::OkStatus();
  return api.idempotency.Save(tx, recording.idempotency_key(),
                              recording.response.SerializeAsString(), record_time);
}

// Does the recordings in their order; answers whether it wrote events.
absl::StatusOr<bool> Record(const ApiContext& api, sql::Tx& tx,
                            absl::Span<sql::GroupMember* const> members) {
  std::vector<PurchaseRecording*> fresh;
  std::vector<const PurchaseItem*> items;
  fresh.reserve(members.size());
  items.reserve(members.size());
  for (sql::GroupMember* member : members) {
    auto& recording = static_cast<PurchaseRecording&>(*member);
    recording.response.Clear();
    const absl::StatusOr<bool> is_new = IsNew(api, tx, recording);
    recording.refusal = is_new.status();  // the database's own errors also lose the transaction
    if (!is_new.ok() || !*is_new) continue;
    fresh.push_back(&recording);
    for (const PurchaseItem& item : recording.items) items.push_back(&item);
  }
  const absl::Time record_time = api.RecordNow();
  CLIENTELE_ASSIGN_OR_RETURN(const ItemsOutcome outcome, ApplyItems(tx, items, record_time));
  CLIENTELE_RETURN_IF_ERROR(
      feed::AppendToOutbox(tx, ToOutboxEvents(outcome.events, record_time, api.ids)));
  absl::Span<const ItemOutcome> left = outcome.items;
  for (PurchaseRecording* recording : fresh) {
    const size_t count = recording->items.size();
    CLIENTELE_RETURN_IF_ERROR(Answer(api, tx, left.first(count), record_time, *recording));
    left.remove_prefix(count);
  }
  return !outcome.events.empty();
}

}  // namespace

absl::Status CommitRecordings(const ApiContext& api, absl::Span<sql::GroupMember* const> members,
                              absl::Time deadline) {
  bool wrote_events = false;
  absl::Status status =
      api.database.RunInTransaction({.deadline = deadline}, [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(wrote_events, Record(api, tx, members));
        return absl::OkStatus();
      });
  if (status.ok() && wrote_events) api.poke_outbox();
  return status;
}

}  // namespace clientele::profile
