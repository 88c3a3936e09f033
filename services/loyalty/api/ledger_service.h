#ifndef SERVICES_LOYALTY_API_LEDGER_SERVICE_H_
#define SERVICES_LOYALTY_API_LEDGER_SERVICE_H_

// clientele.loyalty.v1.LedgerService: each RPC is one statement that hands it to its handler.

#include "common/rpc/grpc_service.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/ledger_checks.h"
#include "services/loyalty/api/handlers/ledger_reads.h"
#include "services/loyalty/api/handlers/ledger_writes.h"

namespace clientele::loyalty {

// Thread-safe. `pipeline` and `api` outlive it.
class LedgerGrpcService final : public rpc::GrpcService {
 public:
  LedgerGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

 private:
  LedgerWrites writes_;
  LedgerReads reads_;
  LedgerChecks checks_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_LEDGER_SERVICE_H_
