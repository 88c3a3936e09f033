#include "services/segmentation/api/analytics_service.h"

namespace clientele::segmentation {

AnalyticsGrpcService::AnalyticsGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : GrpcService(pipeline, "clientele.segmentation.v1.AnalyticsService"), analytics_(api) {
  AddUnary("CountBuyers", analytics_, &Analytics::Count);
  AddUnary("ReportSales", analytics_, &Analytics::Sales);
}

}  // namespace clientele::segmentation
