#ifndef SERVICES_LOYALTY_API_HANDLERS_LEDGER_READS_H_
#define SERVICES_LOYALTY_API_HANDLERS_LEDGER_READS_H_

// The RPCs that read the ledger.

#include "absl/status/statusor.h"
#include "clientele/loyalty/v1/ledger_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/loyalty/api/handlers/api_context.h"

namespace clientele::loyalty {

// Errors as at the RPC in ledger_service.proto. Thread-safe; `api` outlives it.
class LedgerReads {
 public:
  explicit LedgerReads(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::Balance> GetBalance(rpc::CallContext& call,
                                         const v1::GetBalanceRequest& request) const;
  absl::StatusOr<v1::ListEntriesResponse> ListEntries(rpc::CallContext& call,
                                                      const v1::ListEntriesRequest& request) const;
  absl::StatusOr<v1::ListLotsResponse> ListLots(rpc::CallContext& call,
                                                const v1::ListLotsRequest& request) const;
  absl::StatusOr<common::v1::Explanation> ExplainEarning(
      rpc::CallContext& call, const v1::ExplainEarningRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_LEDGER_READS_H_
