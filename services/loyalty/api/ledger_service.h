#ifndef SERVICES_LOYALTY_API_LEDGER_SERVICE_H_
#define SERVICES_LOYALTY_API_LEDGER_SERVICE_H_

// clientele.loyalty.v1.LedgerService: each RPC is one statement that hands it to its handler.

#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "common/rpc/service_calls.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/ledger_reads.h"
#include "services/loyalty/api/handlers/ledger_writes.h"

namespace clientele::loyalty {

// Thread-safe. `pipeline` and `api` outlive it.
class LedgerGrpcService final : public v1::LedgerService::CallbackService {
 public:
  LedgerGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

  grpc::ServerUnaryReactor* Redeem(grpc::CallbackServerContext* context,
                                   const v1::RedeemRequest* request,
                                   v1::LedgerEntry* response) override;
  grpc::ServerUnaryReactor* Adjust(grpc::CallbackServerContext* context,
                                   const v1::AdjustRequest* request,
                                   v1::LedgerEntry* response) override;
  grpc::ServerUnaryReactor* Reverse(grpc::CallbackServerContext* context,
                                    const v1::ReverseRequest* request,
                                    v1::ReverseResponse* response) override;
  grpc::ServerUnaryReactor* GetBalance(grpc::CallbackServerContext* context,
                                       const v1::GetBalanceRequest* request,
                                       v1::Balance* response) override;
  grpc::ServerUnaryReactor* ListEntries(grpc::CallbackServerContext* context,
                                        const v1::ListEntriesRequest* request,
                                        v1::ListEntriesResponse* response) override;
  grpc::ServerUnaryReactor* ListLots(grpc::CallbackServerContext* context,
                                     const v1::ListLotsRequest* request,
                                     v1::ListLotsResponse* response) override;
  grpc::ServerUnaryReactor* ExplainEarning(grpc::CallbackServerContext* context,
                                           const v1::ExplainEarningRequest* request,
                                           common::v1::Explanation* response) override;

 private:
  rpc::ServiceCalls calls_;
  LedgerWrites writes_;
  LedgerReads reads_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_LEDGER_SERVICE_H_
