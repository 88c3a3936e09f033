#ifndef SERVICES_LOYALTY_API_HANDLERS_TIER_READS_H_
#define SERVICES_LOYALTY_API_HANDLERS_TIER_READS_H_

// The RPCs that read tiers. They are computed from purchases and refunds as of now, so that time
// alone changes what they answer and no job needs to have run; Get and BatchGet answer what was
// computed before from the cache, until time changes it.

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/loyalty/v1/member_service.pb.h"
#include "common/cache/record.h"
#include "common/rpc/call_context.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/validation/requests.h"

namespace clientele::loyalty {

// Errors as at the RPC in member_service.proto. Thread-safe; `api` outlives it.
class TierReads {
 public:
  explicit TierReads(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::MemberTier> Get(rpc::CallContext& call,
                                     const v1::GetTierRequest& request) const;
  absl::StatusOr<v1::BatchGetTiersResponse> BatchGet(rpc::CallContext& call,
                                                     const v1::BatchGetTiersRequest& request) const;
  absl::StatusOr<v1::TierExplanation> Explain(rpc::CallContext& call,
                                              const v1::ExplainTierRequest& request) const;
  absl::StatusOr<v1::ListTierHistoryResponse> ListHistory(
      rpc::CallContext& call, const v1::ListTierHistoryRequest& request) const;

 private:
  // One record for each of the query's customers, in order.
  absl::StatusOr<std::vector<cache::Record>> ReadCached(absl::Time deadline,
                                                        const TierQuery& query) const;

  const ApiContext& api_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_TIER_READS_H_
