#include "services/segmentation/api/analytics_service.h"

namespace clientele::segmentation {

AnalyticsGrpcService::AnalyticsGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : calls_(pipeline, "clientele.segmentation.v1.AnalyticsService"), analytics_(api) {}

grpc::ServerUnaryReactor* AnalyticsGrpcService::CountBuyers(grpc::CallbackServerContext* context,
                                                            const v1::CountBuyersRequest* request,
                                                            v1::CountBuyersResponse* response) {
  return calls_.Unary("CountBuyers", context, request, response,
                      [this](rpc::CallContext& call, const v1::CountBuyersRequest& asked) {
                        return analytics_.Count(call, asked);
                      });
}

grpc::ServerUnaryReactor* AnalyticsGrpcService::ReportSales(grpc::CallbackServerContext* context,
                                                            const v1::ReportSalesRequest* request,
                                                            v1::ReportSalesResponse* response) {
  return calls_.Unary("ReportSales", context, request, response,
                      [this](rpc::CallContext& call, const v1::ReportSalesRequest& asked) {
                        return analytics_.Sales(call, asked);
                      });
}

}  // namespace clientele::segmentation
