#include "tests/support/rfm_runs.h"

namespace clientele::history {
namespace {

constexpr char kModelId[] = "steady";
constexpr char kAsOfDate[] = "2026-11-01";

}  // namespace

segmentation::v1::PublishRfmModelRequest MakeModel() {
  segmentation::v1::PublishRfmModelRequest request;
  request.set_model_id(kModelId);
  request.mutable_spec()->set_method(segmentation::v1::RFM_METHOD_QUANTILE);
  request.mutable_spec()->set_monetary(segmentation::v1::RFM_MONETARY_GROSS);
  request.mutable_spec()->set_rule_set_id("growth-11");
  return request;
}

segmentation::v1::StartRunRequest MakeRun(Random& random) {
  segmentation::v1::StartRunRequest request;
  request.set_request_id(DrawUuid(random));
  request.set_model_id(kModelId);
  request.set_as_of_date(kAsOfDate);
  request.set_force(true);
  return request;
}

bool IsOver(const segmentation::v1::RfmRun& run) {
  return run.job().state() != common::v1::JOB_STATE_PENDING &&
         run.job().state() != common::v1::JOB_STATE_RUNNING;
}

}  // namespace clientele::history
