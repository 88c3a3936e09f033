#ifndef SERVICES_SEGMENTATION_API_HANDLERS_RFM_REPORTS_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_RFM_REPORTS_H_

// The RPCs that say what runs found for all customers together.

#include "absl/status/statusor.h"
#include "clientele/segmentation/v1/rfm_report.pb.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/segmentation/api/handlers/api_context.h"

namespace clientele::segmentation {

// Errors as at the RPC in rfm_service.proto. Each read sees one snapshot. Thread-safe; `api`
// outlives it.
class RfmReports {
 public:
  explicit RfmReports(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::RfmComparison> Compare(rpc::CallContext& call,
                                            const v1::CompareRunsRequest& request) const;
  absl::StatusOr<v1::RfmMatrix> Matrix(rpc::CallContext& call,
                                       const v1::GetRfmMatrixRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_RFM_REPORTS_H_
