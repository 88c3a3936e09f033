#ifndef SERVICES_PROFILE_API_PURCHASE_SERVICE_H_
#define SERVICES_PROFILE_API_PURCHASE_SERVICE_H_

// clientele.profile.v1.PurchaseService: each RPC is one statement that hands it to its handler.

#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "common/rpc/service_calls.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/api/handlers/purchase_reads.h"
#include "services/profile/api/handlers/purchase_writes.h"

namespace clientele::profile {

// Thread-safe. `pipeline` and `api` outlive it.
class PurchaseGrpcService final : public v1::PurchaseService::CallbackService {
 public:
  PurchaseGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

  grpc::ServerUnaryReactor* RecordPurchases(grpc::CallbackServerContext* context,
                                            const v1::RecordPurchasesRequest* request,
                                            v1::RecordPurchasesResponse* response) override;
  grpc::ServerUnaryReactor* GetPurchase(grpc::CallbackServerContext* context,
                                        const v1::GetPurchaseRequest* request,
                                        v1::Purchase* response) override;
  grpc::ServerUnaryReactor* ListPurchases(grpc::CallbackServerContext* context,
                                          const v1::ListPurchasesRequest* request,
                                          v1::ListPurchasesResponse* response) override;
  grpc::ServerUnaryReactor* RefundPurchase(grpc::CallbackServerContext* context,
                                           const v1::RefundPurchaseRequest* request,
                                           v1::Purchase* response) override;
  grpc::ServerUnaryReactor* CancelPurchase(grpc::CallbackServerContext* context,
                                           const v1::CancelPurchaseRequest* request,
                                           v1::Purchase* response) override;
  grpc::ServerBidiReactor<v1::ImportPurchasesRequest, v1::ImportPurchasesResponse>* ImportPurchases(
      grpc::CallbackServerContext* context) override;

 private:
  rpc::ServiceCalls calls_;
  const ApiContext& api_;
  PurchaseReads reads_;
  PurchaseWrites writes_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_PURCHASE_SERVICE_H_
