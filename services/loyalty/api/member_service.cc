#include "services/loyalty/api/member_service.h"

namespace clientele::loyalty {

MemberGrpcService::MemberGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : GrpcService(pipeline, "clientele.loyalty.v1.MemberService"), tiers_(api) {
  AddUnary("GetTier", tiers_, &TierReads::Get);
  AddUnary("BatchGetTiers", tiers_, &TierReads::BatchGet);
  AddUnary("ExplainTier", tiers_, &TierReads::Explain);
  AddUnary("ListTierHistory", tiers_, &TierReads::ListHistory);
}

}  // namespace clientele::loyalty
