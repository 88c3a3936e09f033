#ifndef SERVICES_SEGMENTATION_API_RFM_SERVICE_H_
#define SERVICES_SEGMENTATION_API_RFM_SERVICE_H_

// clientele.segmentation.v1.RfmService: each RPC is one statement that hands it to its handler.

#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "common/rpc/service_calls.h"
#include "services/segmentation/api/handlers/api_context.h"
#include "services/segmentation/api/handlers/rfm_models.h"
#include "services/segmentation/api/handlers/rfm_reports.h"
#include "services/segmentation/api/handlers/rfm_runs.h"
#include "services/segmentation/api/handlers/rfm_scores.h"

namespace clientele::segmentation {

// Thread-safe. `pipeline` and `api` outlive it.
class RfmGrpcService final : public v1::RfmService::CallbackService {
 public:
  RfmGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

  grpc::ServerUnaryReactor* PublishRfmModel(grpc::CallbackServerContext* context,
                                            const v1::PublishRfmModelRequest* request,
                                            v1::RfmModel* response) override;
  grpc::ServerUnaryReactor* GetRfmModel(grpc::CallbackServerContext* context,
                                        const v1::GetRfmModelRequest* request,
                                        v1::RfmModel* response) override;
  grpc::ServerUnaryReactor* ListRfmModels(grpc::CallbackServerContext* context,
                                          const v1::ListRfmModelsRequest* request,
                                          v1::ListRfmModelsResponse* response) override;
  grpc::ServerUnaryReactor* StartRun(grpc::CallbackServerContext* context,
                                     const v1::StartRunRequest* request,
                                     v1::RfmRun* response) override;
  grpc::ServerUnaryReactor* GetRun(grpc::CallbackServerContext* context,
                                   const v1::GetRunRequest* request, v1::RfmRun* response) override;
  grpc::ServerUnaryReactor* ListRuns(grpc::CallbackServerContext* context,
                                     const v1::ListRunsRequest* request,
                                     v1::ListRunsResponse* response) override;
  grpc::ServerUnaryReactor* CancelRun(grpc::CallbackServerContext* context,
                                      const v1::CancelRunRequest* request,
                                      v1::RfmRun* response) override;
  grpc::ServerUnaryReactor* GetScore(grpc::CallbackServerContext* context,
                                     const v1::GetScoreRequest* request,
                                     v1::RfmScore* response) override;
  grpc::ServerUnaryReactor* BatchGetScores(grpc::CallbackServerContext* context,
                                           const v1::BatchGetScoresRequest* request,
                                           v1::BatchGetScoresResponse* response) override;
  grpc::ServerUnaryReactor* ListScores(grpc::CallbackServerContext* context,
                                       const v1::ListScoresRequest* request,
                                       v1::ListScoresResponse* response) override;
  grpc::ServerUnaryReactor* ExplainScore(grpc::CallbackServerContext* context,
                                         const v1::ExplainScoreRequest* request,
                                         v1::RfmScoreExplanation* response) override;
  grpc::ServerUnaryReactor* CompareRuns(grpc::CallbackServerContext* context,
                                        const v1::CompareRunsRequest* request,
                                        v1::RfmComparison* response) override;
  grpc::ServerUnaryReactor* GetRfmMatrix(grpc::CallbackServerContext* context,
                                         const v1::GetRfmMatrixRequest* request,
                                         v1::RfmMatrix* response) override;

 private:
  rpc::ServiceCalls calls_;
  RfmModels models_;
  RfmRuns runs_;
  RfmScores scores_;
  RfmReports reports_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_RFM_SERVICE_H_
