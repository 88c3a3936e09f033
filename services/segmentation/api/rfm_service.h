#ifndef SERVICES_SEGMENTATION_API_RFM_SERVICE_H_
#define SERVICES_SEGMENTATION_API_RFM_SERVICE_H_

// clientele.segmentation.v1.RfmService: each RPC is one statement that hands it to its handler.

#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "common/rpc/grpc_service.h"
#include "services/segmentation/api/handlers/api_context.h"
#include "services/segmentation/api/handlers/rfm_models.h"
#include "services/segmentation/api/handlers/rfm_reports.h"
#include "services/segmentation/api/handlers/rfm_runs.h"
#include "services/segmentation/api/handlers/rfm_scores.h"

namespace clientele::segmentation {

// Thread-safe. `pipeline` and `api` outlive it.
class RfmGrpcService final : public rpc::GrpcService {
 public:
  RfmGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

 private:
  RfmModels models_;
  RfmRuns runs_;
  RfmScores scores_;
  RfmReports reports_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_RFM_SERVICE_H_
