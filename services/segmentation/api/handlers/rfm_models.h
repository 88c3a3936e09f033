#ifndef SERVICES_SEGMENTATION_API_HANDLERS_RFM_MODELS_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_RFM_MODELS_H_

// The RPCs on RFM models.

#include "absl/status/statusor.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/segmentation/api/handlers/api_context.h"

namespace clientele::segmentation {

// Errors as at the RPC in rfm_service.proto. Thread-safe; `api` outlives it.
class RfmModels {
 public:
  explicit RfmModels(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::RfmModel> Publish(rpc::CallContext& call,
                                       const v1::PublishRfmModelRequest& request) const;
  absl::StatusOr<v1::RfmModel> Get(rpc::CallContext& call,
                                   const v1::GetRfmModelRequest& request) const;
  absl::StatusOr<v1::ListRfmModelsResponse> List(rpc::CallContext& call,
                                                 const v1::ListRfmModelsRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_RFM_MODELS_H_
