#ifndef SERVICES_SEGMENTATION_API_ANALYTICS_SERVICE_H_
#define SERVICES_SEGMENTATION_API_ANALYTICS_SERVICE_H_

// clientele.segmentation.v1.AnalyticsService: each RPC is one statement that hands it to its
// handler.

#include "clientele/segmentation/v1/analytics_service.pb.h"
#include "common/rpc/grpc_service.h"
#include "services/segmentation/api/handlers/analytics.h"
#include "services/segmentation/api/handlers/api_context.h"

namespace clientele::segmentation {

// Thread-safe. `pipeline` and `api` outlive it.
class AnalyticsGrpcService final : public rpc::GrpcService {
 public:
  AnalyticsGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

 private:
  Analytics analytics_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_ANALYTICS_SERVICE_H_
