#include "services/segmentation/api/rfm_service.h"

namespace clientele::segmentation {

RfmGrpcService::RfmGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : GrpcService(pipeline, "clientele.segmentation.v1.RfmService"),
      models_(api),
      runs_(api),
      scores_(api),
      reports_(api) {
  AddUnary("PublishRfmModel", models_, &RfmModels::Publish);
  AddUnary("GetRfmModel", models_, &RfmModels::Get);
  AddUnary("ListRfmModels", models_, &RfmModels::List);
  AddUnary("StartRun", runs_, &RfmRuns::Start);
  AddUnary("GetRun", runs_, &RfmRuns::Get);
  AddUnary("ListRuns", runs_, &RfmRuns::List);
  AddUnary("CancelRun", runs_, &RfmRuns::Cancel);
  AddUnary("GetScore", scores_, &RfmScores::Get);
  AddUnary("BatchGetScores", scores_, &RfmScores::BatchGet);
  AddUnary("ListScores", scores_, &RfmScores::List);
  AddUnary("ExplainScore", scores_, &RfmScores::Explain);
  AddUnary("CompareRuns", reports_, &RfmReports::Compare);
  AddUnary("GetRfmMatrix", reports_, &RfmReports::Matrix);
}

}  // namespace clientele::segmentation
