#ifndef SERVICES_PROFILE_API_HANDLERS_PURCHASE_RECORDING_H_
#define SERVICES_PROFILE_API_HANDLERS_PURCHASE_RECORDING_H_

// RecordPurchases calls that concurrent callers make in one transaction. Internal to the handlers.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/audit/call_record.h"
#include "common/handler/audit_write.h"
#include "common/idempotency/idempotency_store.h"
#include "common/rpc/call_context.h"
#include "common/sql/group_commit.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/domain/limits.h"
#include "services/profile/domain/purchase_item.h"

namespace clientele::profile {

// What one transaction of several calls may weigh: as much as one full call.
inline constexpr size_t kRecordingWeightMax = kRecordPurchasesMax;

// One of them. What came of it counts once its transaction has ended with OK.
struct PurchaseRecording final : sql::GroupMember {
  // `id` is canonical and not empty; `content` as ContentOf.
  PurchaseRecording(const rpc::CallContext& call, std::string id, std::string content,
                    std::vector<PurchaseItem> purchases)
      : items(std::move(purchases)),
        weight_(WeightOf(items)),
        customer_ids_(CustomerIdsOf(items)),
        request_id_(std::move(id)),
        principal_(call.principal),
        method_(call.method),
        traceparent_(call.traceparent),
        audit_record_(WriteRecordOf(call)),
        content_(std::move(content)) {}

  absl::string_view key() const override { return request_id_; }
  size_t weight() const override { return weight_; }
  absl::string_view traceparent() const { return traceparent_; }
  absl::Span<const std::string> lock_keys() const override { return customer_ids_; }
  const std::optional<audit::CallRecord>& audit_record() const { return audit_record_; }

  // Valid as long as this.
  IdempotencyKey idempotency_key() const {
    return {.customer_id = "",
            .request_id = request_id_,
            .principal = principal_,
            .method = method_,
            .request_bytes = content_};
  }

  const std::vector<PurchaseItem> items;

  absl::Status refusal;  // of the call as a whole
  bool replayed = false;
  bool changed = false;  // anything
  v1::RecordPurchasesResponse response;

 private:
  // Of kRecordingWeightMax: as much as the purchases or the lines are of what one call may have.
  static size_t WeightOf(absl::Span<const PurchaseItem> purchases);

  // Sorted and unique.
  static std::vector<std::string> CustomerIdsOf(absl::Span<const PurchaseItem> purchases);

  const size_t weight_;
  const std::vector<std::string> customer_ids_;
  const std::string request_id_;
  const std::string principal_;
  const std::string method_;
  const std::string traceparent_;
  const std::optional<audit::CallRecord> audit_record_;
  const std::string content_;
};

// A sql::GroupCommit::Commit whose members are PurchaseRecordings.
absl::Status CommitRecordings(const ApiContext& api, absl::Span<sql::GroupMember* const> members,
                              absl::Time deadline);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_PURCHASE_RECORDING_H_
