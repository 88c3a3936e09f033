#include "services/profile/api/handlers/purchase_writes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/handler/request_content.h"
#include "common/handler/write_call.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/api/converters/item_status.h"
#include "services/profile/api/converters/purchase_proto.h"
#include "services/profile/api/handlers/purchase_items.h"
#include "services/profile/api/handlers/purchase_recording.h"
#include "services/profile/api/validation/fields.h"
#include "services/profile/api/validation/purchase_requests.h"
#include "services/profile/domain/errors.h"
#include "services/profile/domain/limits.h"
#include "services/profile/domain/purchase_batch.h"
#include "services/profile/store/purchase_store.h"

namespace clientele::profile {
namespace {

// Which purchase a request changes.
struct PurchaseKey {
  CustomerId customer_id;
  PurchaseId purchase_id;
};

// Decides by decide(batch) → absl::Status about what `demand` needs loaded, carries that out, and
// answers the purchase as it is then. With validate_only it only answers, without the etag.
template <typename Request, typename Decide>
absl::StatusOr<v1::Purchase> ChangePurchase(const ApiContext& api, rpc::CallContext& call,
                                            const PurchaseKey& key, const std::string& request_id,
                                            const Request& request, const BatchDemand& demand,
                                            Decide decide) {
  return RunWrite<v1::Purchase>(
      api, call, {key.customer_id.value(), request_id}, request,
      [&](sql::Tx& tx, absl::Time record_time,
          v1::Purchase& response) -> absl::StatusOr<WriteEffect> {
        PurchaseBatch batch(record_time);
        CLIENTELE_RETURN_IF_ERROR(LoadBatch(tx, *api.vault, demand, batch));
        CLIENTELE_RETURN_IF_ERROR(decide(batch));
        const BatchWrites writes = std::move(batch).Finish();
        CLIENTELE_ASSIGN_OR_RETURN(std::optional<Purchase> before,
                                   FindPurchase(tx, *api.vault, key.customer_id, key.purchase_id));
        if (!before.has_value()) return PurchaseNotFound(key.customer_id, key.purchase_id);
        response = ToPurchaseProto(PurchaseAfter(*std::move(before), writes));
        if (IsValidateOnly(request)) {
          response.clear_etag();
          return WriteEffect{};
        }
        CLIENTELE_RETURN_IF_ERROR(SaveBatch(tx, *api.vault, writes, record_time));
        return WriteEffect{.changed = !writes.events.empty(),
                           .events = ToOutboxEvents(writes.events, record_time, api.ids)};
      });
}

void CheckSize(const v1::RecordPurchasesRequest& request, Violations& violations) {
  if (request.purchases().empty() || request.purchases_size() > kRecordPurchasesMax) {
    violations.Add("purchases", absl::StrCat("must be 1..", kRecordPurchasesMax));
    return;
  }
  int64_t line_count = 0;
  for (const v1::Purchase& purchase : request.purchases()) line_count += purchase.lines_size();
  if (line_count > kRecordLinesMax) {
    violations.Add("purchases", absl::StrCat("must have at most ", kRecordLinesMax, " lines"));
  }
}

std::vector<PurchaseItem> ReadItems(const v1::RecordPurchasesRequest& request, absl::Time now) {
  const FieldPath root;
  std::vector<PurchaseItem> items;
  items.reserve(request.purchases_size());
  for (int i = 0; i < request.purchases_size(); ++i) {
    Violations violations;
    std::optional<Purchase> purchase =
        ReadPurchase(root.Item("purchases", i), request.purchases(i), "", now, violations);
    if (purchase.has_value()) {
      items.emplace_back(OrderItem{.purchase = *std::move(purchase), .buyer = std::nullopt});
    } else {
      items.emplace_back(ToItemStatus(violations));
    }
  }
  return items;
}

}  // namespace

PurchaseWrites::PurchaseWrites(const ApiContext& api)
    : api_(api),
      recordings_(std::make_unique<sql::GroupCommit>(
          sql::GroupCommitOptions{.batch_weight_max = kRecordingWeightMax,
                                  .commits_max = sql::CommitsMax(api.database.load()),
                                  .beside_weight_min = kRecordingWeightMax},
          [&api](absl::Span<sql::GroupMember* const> members, absl::Time deadline) {
            return CommitRecordings(api, members, deadline);
          })) {}

absl::StatusOr<v1::RecordPurchasesResponse> PurchaseWrites::Record(
    rpc::CallContext& call, const v1::RecordPurchasesRequest& request) const {
  // 1. The call as a whole.
  Violations violations;
  const std::string request_id =
      ReadRequestId(request.request_id(), call.request_id_rule, violations);
  CheckSize(request, violations);
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());

  // 2. Each purchase by itself, in a transaction with what others record now.
  const auto recording = std::make_shared<PurchaseRecording>(
      call, request_id, ContentOf(request), ReadItems(request, api_.BusinessNow()));
  CLIENTELE_RETURN_IF_ERROR(recordings_->Run(recording, call.deadline));
  CLIENTELE_RETURN_IF_ERROR(recording->refusal);
  call.replayed = recording->replayed;
  call.audit_committed = recording->changed;
  return std::move(recording->response);
}

absl::StatusOr<v1::Purchase> PurchaseWrites::Refund(
    rpc::CallContext& call, const v1::RefundPurchaseRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(
      Validated<RefundCommand> validated,
      ValidateRefundPurchase(request, call.request_id_rule, api_.BusinessNow()));
  RefundCommand& command = validated.command;
  if (command.refund.refund_number.empty()) {
    // Unique in the purchase for ever, so a retry after the answer was forgotten refunds no more.
    command.refund.refund_number = validated.request_id;
  }
  const BatchDemand demand{.customer_ids = {command.customer_id.value()}, .refunds = {&command}};
  return ChangePurchase(api_, call, {command.customer_id, command.purchase_id},
                        validated.request_id, request, demand,
                        [&](PurchaseBatch& batch) { return batch.GiveBack(command).status(); });
}

absl::StatusOr<v1::Purchase> PurchaseWrites::Cancel(
    rpc::CallContext& call, const v1::CancelPurchaseRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(
      const Validated<CancelCommand> validated,
      ValidateCancelPurchase(request, call.request_id_rule, api_.BusinessNow()));
  const CancelCommand& command = validated.command;
  const BatchDemand demand{.customer_ids = {command.customer_id.value()}, .cancels = {&command}};
  return ChangePurchase(api_, call, {command.customer_id, command.purchase_id},
                        validated.request_id, request, demand,
                        [&](PurchaseBatch& batch) { return batch.Cancel(command); });
}

}  // namespace clientele::profile
