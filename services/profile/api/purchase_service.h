#ifndef SERVICES_PROFILE_API_PURCHASE_SERVICE_H_
#define SERVICES_PROFILE_API_PURCHASE_SERVICE_H_

// clientele.profile.v1.PurchaseService: each RPC is one statement that hands it to its handler.

#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/rpc/grpc_service.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/api/handlers/purchase_reads.h"
#include "services/profile/api/handlers/purchase_writes.h"

namespace clientele::profile {

// Thread-safe. `pipeline` and `api` outlive it.
class PurchaseGrpcService final : public rpc::GrpcService {
 public:
  PurchaseGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

 private:
  const ApiContext& api_;
  PurchaseReads reads_;
  PurchaseWrites writes_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_PURCHASE_SERVICE_H_
