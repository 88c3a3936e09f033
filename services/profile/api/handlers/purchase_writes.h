#ifndef SERVICES_PROFILE_API_HANDLERS_PURCHASE_WRITES_H_
#define SERVICES_PROFILE_API_HANDLERS_PURCHASE_WRITES_H_

// The unary RPCs that change purchases.

#include <memory>

#include "absl/status/statusor.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/rpc/call_context.h"
#include "common/sql/group_commit.h"
#include "services/profile/api/handlers/api_context.h"

namespace clientele::profile {

// Errors as at the RPC in purchase_service.proto. Thread-safe; `api` outlives it.
class PurchaseWrites {
 public:
  explicit PurchaseWrites(const ApiContext& api);

  absl::StatusOr<v1::RecordPurchasesResponse> Record(
      rpc::CallContext& call, const v1::RecordPurchasesRequest& request) const;
  absl::StatusOr<v1::Purchase> Refund(rpc::CallContext& call,
                                      const v1::RefundPurchaseRequest& request) const;
  absl::StatusOr<v1::Purchase> Cancel(rpc::CallContext& call,
                                      const v1::CancelPurchaseRequest& request) const;

 private:
  const ApiContext& api_;
  const std::unique_ptr<sql::GroupCommit> recordings_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_PURCHASE_WRITES_H_
