#ifndef SERVICES_LOYALTY_API_MEMBER_SERVICE_H_
#define SERVICES_LOYALTY_API_MEMBER_SERVICE_H_

// clientele.loyalty.v1.MemberService: each RPC is one statement that hands it to its handler.

#include "common/rpc/grpc_service.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/tier_reads.h"

namespace clientele::loyalty {

// Thread-safe. `pipeline` and `api` outlive it.
class MemberGrpcService final : public rpc::GrpcService {
 public:
  MemberGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

 private:
  TierReads tiers_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_MEMBER_SERVICE_H_
