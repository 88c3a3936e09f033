#ifndef SERVICES_SEGMENTATION_API_HANDLERS_ANALYTICS_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_ANALYTICS_H_

// The RPCs that count over the whole customer base.

#include "absl/status/statusor.h"
#include "clientele/segmentation/v1/analytics_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/segmentation/api/handlers/api_context.h"

namespace clientele::segmentation {

// Errors as at the RPC in analytics_service.proto. Thread-safe; `api` outlives it.
class Analytics {
 public:
  explicit Analytics(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::CountBuyersResponse> Count(rpc::CallContext& call,
                                                const v1::CountBuyersRequest& request) const;
  absl::StatusOr<v1::ReportSalesResponse> Sales(rpc::CallContext& call,
                                                const v1::ReportSalesRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_ANALYTICS_H_
