#ifndef SERVICES_SEGMENTATION_API_HANDLERS_RFM_RUNS_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_RFM_RUNS_H_

// The RPCs on runs.

#include "absl/status/statusor.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/segmentation/api/handlers/api_context.h"

namespace clientele::segmentation {

// Errors as at the RPC in rfm_service.proto. Thread-safe; `api` outlives it.
class RfmRuns {
 public:
  explicit RfmRuns(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::RfmRun> Start(rpc::CallContext& call,
                                   const v1::StartRunRequest& request) const;
  absl::StatusOr<v1::RfmRun> Get(rpc::CallContext& call, const v1::GetRunRequest& request) const;
  absl::StatusOr<v1::ListRunsResponse> List(rpc::CallContext& call,
                                            const v1::ListRunsRequest& request) const;
  absl::StatusOr<v1::RfmRun> Cancel(rpc::CallContext& call,
                                    const v1::CancelRunRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_RFM_RUNS_H_
