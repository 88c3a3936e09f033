#ifndef SERVICES_PROFILE_API_HANDLERS_PURCHASE_READS_H_
#define SERVICES_PROFILE_API_HANDLERS_PURCHASE_READS_H_

// The RPCs that read purchases.

#include "absl/status/statusor.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/profile/api/handlers/api_context.h"

namespace clientele::profile {

// Errors as at the RPC in purchase_service.proto. Each read sees one snapshot. Thread-safe; `api`
// outlives it.
class PurchaseReads {
 public:
  explicit PurchaseReads(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::Purchase> Get(rpc::CallContext& call,
                                   const v1::GetPurchaseRequest& request) const;
  absl::StatusOr<v1::ListPurchasesResponse> List(rpc::CallContext& call,
                                                 const v1::ListPurchasesRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_PURCHASE_READS_H_
