#include "services/profile/api/purchase_service.h"

#include <memory>

#include "services/profile/api/handlers/import_session.h"

namespace clientele::profile {
namespace {

using ImportStream = rpc::BidiSession<v1::ImportPurchasesRequest, v1::ImportPurchasesResponse>;

}  // namespace

PurchaseGrpcService::PurchaseGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : calls_(pipeline, "clientele.profile.v1.PurchaseService"),
      api_(api),
      reads_(api),
      writes_(api) {}

grpc::ServerUnaryReactor* PurchaseGrpcService::RecordPurchases(
    grpc::CallbackServerContext* context, const v1::RecordPurchasesRequest* request,
    v1::RecordPurchasesResponse* response) {
  return calls_.Unary("RecordPurchases", context, request, response,
                      [this](rpc::CallContext& call, const v1::RecordPurchasesRequest& asked) {
                        return writes_.Record(call, asked);
                      });
}

grpc::ServerUnaryReactor* PurchaseGrpcService::GetPurchase(grpc::CallbackServerContext* context,
                                                           const v1::GetPurchaseRequest* request,
                                                           v1::Purchase* response) {
  return calls_.Unary("GetPurchase", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetPurchaseRequest& asked) {
                        return reads_.Get(call, asked);
                      });
}

grpc::ServerUnaryReactor* PurchaseGrpcService::ListPurchases(
    grpc::CallbackServerContext* context, const v1::ListPurchasesRequest* request,
    v1::ListPurchasesResponse* response) {
  return calls_.Unary("ListPurchases", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListPurchasesRequest& asked) {
                        return reads_.List(call, asked);
                      });
}

grpc::ServerUnaryReactor* PurchaseGrpcService::RefundPurchase(
    grpc::CallbackServerContext* context, const v1::RefundPurchaseRequest* request,
    v1::Purchase* response) {
  return calls_.Unary("RefundPurchase", context, request, response,
                      [this](rpc::CallContext& call, const v1::RefundPurchaseRequest& asked) {
                        return writes_.Refund(call, asked);
                      });
}

grpc::ServerUnaryReactor* PurchaseGrpcService::CancelPurchase(
    grpc::CallbackServerContext* context, const v1::CancelPurchaseRequest* request,
    v1::Purchase* response) {
  return calls_.Unary("CancelPurchase", context, request, response,
                      [this](rpc::CallContext& call, const v1::CancelPurchaseRequest& asked) {
                        return writes_.Cancel(call, asked);
                      });
}

grpc::ServerBidiReactor<v1::ImportPurchasesRequest, v1::ImportPurchasesResponse>*
PurchaseGrpcService::ImportPurchases(grpc::CallbackServerContext* context) {
  return calls_.Bidi<v1::ImportPurchasesRequest, v1::ImportPurchasesResponse>(
      "ImportPurchases", context,
      [this](rpc::CallContext& call) -> absl::StatusOr<std::unique_ptr<ImportStream>> {
        return std::make_unique<ImportSession>(api_, call.deadline);
      });
}

}  // namespace clientele::profile
