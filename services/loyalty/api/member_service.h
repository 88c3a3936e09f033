#ifndef SERVICES_LOYALTY_API_MEMBER_SERVICE_H_
#define SERVICES_LOYALTY_API_MEMBER_SERVICE_H_

// clientele.loyalty.v1.MemberService: each RPC is one statement that hands it to its handler.

#include "clientele/loyalty/v1/member_service.grpc.pb.h"
#include "common/rpc/service_calls.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/tier_reads.h"

namespace clientele::loyalty {

// Thread-safe. `pipeline` and `api` outlive it.
class MemberGrpcService final : public v1::MemberService::CallbackService {
 public:
  MemberGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

  grpc::ServerUnaryReactor* GetTier(grpc::CallbackServerContext* context,
                                    const v1::GetTierRequest* request,
                                    v1::MemberTier* response) override;
  grpc::ServerUnaryReactor* BatchGetTiers(grpc::CallbackServerContext* context,
                                          const v1::BatchGetTiersRequest* request,
                                          v1::BatchGetTiersResponse* response) override;
  grpc::ServerUnaryReactor* ExplainTier(grpc::CallbackServerContext* context,
                                        const v1::ExplainTierRequest* request,
                                        v1::TierExplanation* response) override;
  grpc::ServerUnaryReactor* ListTierHistory(grpc::CallbackServerContext* context,
                                            const v1::ListTierHistoryRequest* request,
                                            v1::ListTierHistoryResponse* response) override;

 private:
  rpc::ServiceCalls calls_;
  TierReads tiers_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_MEMBER_SERVICE_H_
