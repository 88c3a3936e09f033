#ifndef SERVICES_SEGMENTATION_API_ANALYTICS_SERVICE_H_
#define SERVICES_SEGMENTATION_API_ANALYTICS_SERVICE_H_

// clientele.segmentation.v1.AnalyticsService: each RPC is one statement that hands it to its
// handler.

#include "clientele/segmentation/v1/analytics_service.grpc.pb.h"
#include "common/rpc/service_calls.h"
#include "services/segmentation/api/handlers/analytics.h"
#include "services/segmentation/api/handlers/api_context.h"

namespace clientele::segmentation {

// Thread-safe. `pipeline` and `api` outlive it.
class AnalyticsGrpcService final : public v1::AnalyticsService::CallbackService {
 public:
  AnalyticsGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

  grpc::ServerUnaryReactor* CountBuyers(grpc::CallbackServerContext* context,
                                        const v1::CountBuyersRequest* request,
                                        v1::CountBuyersResponse* response) override;
  grpc::ServerUnaryReactor* ReportSales(grpc::CallbackServerContext* context,
                                        const v1::ReportSalesRequest* request,
                                        v1::ReportSalesResponse* response) override;

 private:
  rpc::ServiceCalls calls_;
  Analytics analytics_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_ANALYTICS_SERVICE_H_
