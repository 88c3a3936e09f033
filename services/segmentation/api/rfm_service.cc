#include "services/segmentation/api/rfm_service.h"

namespace clientele::segmentation {

RfmGrpcService::RfmGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : calls_(pipeline, "clientele.segmentation.v1.RfmService"),
      models_(api),
      runs_(api),
      scores_(api),
      reports_(api) {}

grpc::ServerUnaryReactor* RfmGrpcService::PublishRfmModel(grpc::CallbackServerContext* context,
                                                          const v1::PublishRfmModelRequest* request,
                                                          v1::RfmModel* response) {
  return calls_.Unary("PublishRfmModel", context, request, response,
                      [this](rpc::CallContext& call, const v1::PublishRfmModelRequest& asked) {
                        return models_.Publish(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::GetRfmModel(grpc::CallbackServerContext* context,
                                                      const v1::GetRfmModelRequest* request,
                                                      v1::RfmModel* response) {
  return calls_.Unary("GetRfmModel", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetRfmModelRequest& asked) {
                        return models_.Get(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::ListRfmModels(grpc::CallbackServerContext* context,
                                                        const v1::ListRfmModelsRequest* request,
                                                        v1::ListRfmModelsResponse* response) {
  return calls_.Unary("ListRfmModels", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListRfmModelsRequest& asked) {
                        return models_.List(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::StartRun(grpc::CallbackServerContext* context,
                                                   const v1::StartRunRequest* request,
                                                   v1::RfmRun* response) {
  return calls_.Unary("StartRun", context, request, response,
                      [this](rpc::CallContext& call, const v1::StartRunRequest& asked) {
                        return runs_.Start(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::GetRun(grpc::CallbackServerContext* context,
                                                 const v1::GetRunRequest* request,
                                                 v1::RfmRun* response) {
  return calls_.Unary("GetRun", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetRunRequest& asked) {
                        return runs_.Get(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::ListRuns(grpc::CallbackServerContext* context,
                                                   const v1::ListRunsRequest* request,
                                                   v1::ListRunsResponse* response) {
  return calls_.Unary("ListRuns", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListRunsRequest& asked) {
                        return runs_.List(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::CancelRun(grpc::CallbackServerContext* context,
                                                    const v1::CancelRunRequest* request,
                                                    v1::RfmRun* response) {
  return calls_.Unary("CancelRun", context, request, response,
                      [this](rpc::CallContext& call, const v1::CancelRunRequest& asked) {
                        return runs_.Cancel(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::GetScore(grpc::CallbackServerContext* context,
                                                   const v1::GetScoreRequest* request,
                                                   v1::RfmScore* response) {
  return calls_.Unary("GetScore", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetScoreRequest& asked) {
                        return scores_.Get(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::BatchGetScores(grpc::CallbackServerContext* context,
                                                         const v1::BatchGetScoresRequest* request,
                                                         v1::BatchGetScoresResponse* response) {
  return calls_.Unary("BatchGetScores", context, request, response,
                      [this](rpc::CallContext& call, const v1::BatchGetScoresRequest& asked) {
                        return scores_.BatchGet(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::ListScores(grpc::CallbackServerContext* context,
                                                     const v1::ListScoresRequest* request,
                                                     v1::ListScoresResponse* response) {
  return calls_.Unary("ListScores", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListScoresRequest& asked) {
                        return scores_.List(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::ExplainScore(grpc::CallbackServerContext* context,
                                                       const v1::ExplainScoreRequest* request,
                                                       v1::RfmScoreExplanation* response) {
  return calls_.Unary("ExplainScore", context, request, response,
                      [this](rpc::CallContext& call, const v1::ExplainScoreRequest& asked) {
                        return scores_.Explain(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::CompareRuns(grpc::CallbackServerContext* context,
                                                      const v1::CompareRunsRequest* request,
                                                      v1::RfmComparison* response) {
  return calls_.Unary("CompareRuns", context, request, response,
                      [this](rpc::CallContext& call, const v1::CompareRunsRequest& asked) {
                        return reports_.Compare(call, asked);
                      });
}

grpc::ServerUnaryReactor* RfmGrpcService::GetRfmMatrix(grpc::CallbackServerContext* context,
                                                       const v1::GetRfmMatrixRequest* request,
                                                       v1::RfmMatrix* response) {
  return calls_.Unary("GetRfmMatrix", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetRfmMatrixRequest& asked) {
                        return reports_.Matrix(call, asked);
                      });
}

}  // namespace clientele::segmentation
