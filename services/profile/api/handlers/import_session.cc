#include "services/profile/api/handlers/import_session.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "common/feed/event_record.h"
#include "common/handler/audit_write.h"
#include "common/handler/event_traces.h"
#include "common/handler/write_tx.h"
#include "common/rpc/status_mapping.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/api/handlers/purchase_items.h"
#include "services/profile/store/customer_store.h"

namespace clientele::profile {
namespace {

void SetRefusal(const ApiContext& api, size_t item_index, const absl::Status& status,
                v1::ImportPurchasesResponse::Refusal& refusal) {
  refusal.set_item_index(static_cast<int32_t>(item_index));
  *refusal.mutable_status() = rpc::ToRpcStatus(status, api.error_domain);
}

void CountOrder(const OrderItem& order, const ItemOutcome& outcome,
                v1::ImportPurchasesResponse& checkpoint) {
  if (outcome.already_recorded) {
    checkpoint.set_orders_already_recorded_count(checkpoint.orders_already_recorded_count() + 1);
    return;
  }
  checkpoint.set_orders_recorded_count(checkpoint.orders_recorded_count() + 1);
  checkpoint.set_lines_recorded_count(checkpoint.lines_recorded_count() +
                                      order.purchase.header.line_count);
  if (outcome.made_customer) {
    checkpoint.set_customers_created_count(checkpoint.customers_created_count() + 1);
  }
}

void CountRefund(const ItemOutcome& outcome, v1::ImportPurchasesResponse& checkpoint) {
  if (outcome.already_recorded) {
    checkpoint.set_refunds_already_recorded_count(checkpoint.refunds_already_recorded_count() + 1);
  } else {
    checkpoint.set_refunds_recorded_count(checkpoint.refunds_recorded_count() + 1);
  }
}

v1::ImportPurchasesResponse MakeCheckpoint(const ApiContext& api, int64_t sequence_number,
                                           const std::vector<PurchaseItem>& items,
                                           const ItemsOutcome& outcome) {
  v1::ImportPurchasesResponse checkpoint;
  checkpoint.set_sequence_number(sequence_number);
  for (size_t i = 0; i < items.size(); ++i) {
    const ItemOutcome& item = outcome.items[i];
    if (!item.status.ok()) {
      SetRefusal(api, i, item.status, *checkpoint.add_refusals());
    } else if (const auto* order = std::get_if<OrderItem>(&items[i])) {
      CountOrder(*order, item, checkpoint);
    } else {
      CountRefund(item, checkpoint);
    }
  }
  return checkpoint;
}

}  // namespace

absl::StatusOr<std::optional<v1::ImportPurchasesResponse>> ImportSession::Handle(
    const v1::ImportPurchasesRequest& request) {
  if (!config_.has_value()) {
    CLIENTELE_ASSIGN_OR_RETURN(config_, ValidateImportConfig(request));
    return std::optional<v1::ImportPurchasesResponse>();
  }
  CLIENTELE_RETURN_IF_ERROR(ValidateImportBatch(request, next_sequence_number_));
  CLIENTELE_ASSIGN_OR_RETURN(v1::ImportPurchasesResponse checkpoint, Apply(request.batch()));
  ++next_sequence_number_;
  return std::optional<v1::ImportPurchasesResponse>(std::move(checkpoint));
}

absl::Status ImportSession::AuditBatch(sql::Tx& tx, absl::Span<const Event> events,
                                       absl::Time record_time) const {
  if (!call_.audits || events.empty()) return absl::OkStatus();
  absl::btree_set<std::string> subjects;
  for (const Event& event : events) {
    subjects.insert(absl::StrCat("customer/", event.customer_id.value()));
  }
  return AuditWrite(api_, tx, call_, {subjects.begin(), subjects.end()}, record_time);
}

absl::StatusOr<v1::ImportPurchasesResponse> ImportSession::Apply(
    const v1::ImportPurchasesBatch& batch) {
  const std::vector<PurchaseItem> items =
      ReadImportItems(batch, *config_, api_.identifiers, api_.BusinessNow());
  std::vector<const PurchaseItem*> in_order;
  in_order.reserve(items.size());
  for (const PurchaseItem& item : items) in_order.push_back(&item);
  ItemsOutcome outcome;
  const bool had_written = call_.audit_committed;  // in a batch before
  // Orders that are there already are recognised, so a lost commit may be repeated.
  const absl::Status committed = RunIdempotentWrite(
      api_, {.deadline = call_.deadline}, [&](sql::Tx& tx) -> absl::StatusOr<bool> {
        call_.audit_committed = had_written;
        CLIENTELE_RETURN_IF_ERROR(LockCustomers(tx, CustomersOf(in_order)));
        // After the wait: what follows from the feed goes by this time.
        const absl::Time record_time = api_.RecordNow();
        CLIENTELE_ASSIGN_OR_RETURN(outcome, ApplyItems(tx, *api_.vault, in_order, record_time));
        std::vector<feed::OutboxEvent> rows = ToOutboxEvents(outcome.events, record_time, api_.ids);
        SetTrace(call_.traceparent, rows);
        CLIENTELE_RETURN_IF_ERROR(feed::AppendToOutbox(tx, rows));
        CLIENTELE_RETURN_IF_ERROR(AuditBatch(tx, outcome.events, record_time));
        return !outcome.events.empty();
      });
  CLIENTELE_RETURN_IF_ERROR(committed);
  OutdateCustomers(api_, outcome.events);
  return MakeCheckpoint(api_, batch.sequence_number(), items, outcome);
}

}  // namespace clientele::profile
