#include "services/loyalty/api/member_service.h"

namespace clientele::loyalty {

MemberGrpcService::MemberGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : calls_(pipeline, "clientele.loyalty.v1.MemberService"), tiers_(api) {}

grpc::ServerUnaryReactor* MemberGrpcService::GetTier(grpc::CallbackServerContext* context,
                                                     const v1::GetTierRequest* request,
                                                     v1::MemberTier* response) {
  return calls_.Unary("GetTier", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetTierRequest& asked) {
                        return tiers_.Get(call, asked);
                      });
}

grpc::ServerUnaryReactor* MemberGrpcService::BatchGetTiers(grpc::CallbackServerContext* context,
                                                           const v1::BatchGetTiersRequest* request,
                                                           v1::BatchGetTiersResponse* response) {
  return calls_.Unary("BatchGetTiers", context, request, response,
                      [this](rpc::CallContext& call, const v1::BatchGetTiersRequest& asked) {
                        return tiers_.BatchGet(call, asked);
                      });
}

grpc::ServerUnaryReactor* MemberGrpcService::ExplainTier(grpc::CallbackServerContext* context,
                                                         const v1::ExplainTierRequest* request,
                                                         v1::TierExplanation* response) {
  return calls_.Unary("ExplainTier", context, request, response,
                      [this](rpc::CallContext& call, const v1::ExplainTierRequest& asked) {
                        return tiers_.Explain(call, asked);
                      });
}

grpc::ServerUnaryReactor* MemberGrpcService::ListTierHistory(
    grpc::CallbackServerContext* context, const v1::ListTierHistoryRequest* request,
    v1::ListTierHistoryResponse* response) {
  return calls_.Unary("ListTierHistory", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListTierHistoryRequest& asked) {
                        return tiers_.ListHistory(call, asked);
                      });
}

}  // namespace clientele::loyalty
