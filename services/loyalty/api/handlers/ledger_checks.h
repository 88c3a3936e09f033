#ifndef SERVICES_LOYALTY_API_HANDLERS_LEDGER_CHECKS_H_
#define SERVICES_LOYALTY_API_HANDLERS_LEDGER_CHECKS_H_

// The RPCs that check the chains of entries.

#include "absl/status/statusor.h"
#include "clientele/loyalty/v1/ledger_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/loyalty/api/handlers/api_context.h"

namespace clientele::loyalty {

// Errors as at the RPC in ledger_service.proto. Thread-safe; `api` outlives it.
class LedgerChecks {
 public:
  explicit LedgerChecks(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::VerifyLedgerResponse> VerifyLedger(
      rpc::CallContext& call, const v1::VerifyLedgerRequest& request) const;
  absl::StatusOr<v1::VerifyLedgerHeadsResponse> VerifyLedgerHeads(
      rpc::CallContext& call, const v1::VerifyLedgerHeadsRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_LEDGER_CHECKS_H_
