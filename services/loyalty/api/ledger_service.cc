#include "services/loyalty/api/ledger_service.h"

namespace clientele::loyalty {

LedgerGrpcService::LedgerGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : calls_(pipeline, "clientele.loyalty.v1.LedgerService"), writes_(api), reads_(api) {}

grpc::ServerUnaryReactor* LedgerGrpcService::Redeem(grpc::CallbackServerContext* context,
                                                    const v1::RedeemRequest* request,
                                                    v1::LedgerEntry* response) {
  return calls_.Unary("Redeem", context, request, response,
                      [this](rpc::CallContext& call, const v1::RedeemRequest& asked) {
                        return writes_.Redeem(call, asked);
                      });
}

grpc::ServerUnaryReactor* LedgerGrpcService::Adjust(grpc::CallbackServerContext* context,
                                                    const v1::AdjustRequest* request,
                                                    v1::LedgerEntry* response) {
  return calls_.Unary("Adjust", context, request, response,
                      [this](rpc::CallContext& call, const v1::AdjustRequest& asked) {
                        return writes_.Adjust(call, asked);
                      });
}

grpc::ServerUnaryReactor* LedgerGrpcService::Reverse(grpc::CallbackServerContext* context,
                                                     const v1::ReverseRequest* request,
                                                     v1::ReverseResponse* response) {
  return calls_.Unary("Reverse", context, request, response,
                      [this](rpc::CallContext& call, const v1::ReverseRequest& asked) {
                        return writes_.Reverse(call, asked);
                      });
}

grpc::ServerUnaryReactor* LedgerGrpcService::GetBalance(grpc::CallbackServerContext* context,
                                                        const v1::GetBalanceRequest* request,
                                                        v1::Balance* response) {
  return calls_.Unary("GetBalance", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetBalanceRequest& asked) {
                        return reads_.GetBalance(call, asked);
                      });
}

grpc::ServerUnaryReactor* LedgerGrpcService::ListEntries(grpc::CallbackServerContext* context,
                                                         const v1::ListEntriesRequest* request,
                                                         v1::ListEntriesResponse* response) {
  return calls_.Unary("ListEntries", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListEntriesRequest& asked) {
                        return reads_.ListEntries(call, asked);
                      });
}

grpc::ServerUnaryReactor* LedgerGrpcService::ListLots(grpc::CallbackServerContext* context,
                                                      const v1::ListLotsRequest* request,
                                                      v1::ListLotsResponse* response) {
  return calls_.Unary("ListLots", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListLotsRequest& asked) {
                        return reads_.ListLots(call, asked);
                      });
}

grpc::ServerUnaryReactor* LedgerGrpcService::ExplainEarning(
    grpc::CallbackServerContext* context, const v1::ExplainEarningRequest* request,
    common::v1::Explanation* response) {
  return calls_.Unary("ExplainEarning", context, request, response,
                      [this](rpc::CallContext& call, const v1::ExplainEarningRequest& asked) {
                        return reads_.ExplainEarning(call, asked);
                      });
}

}  // namespace clientele::loyalty
