#ifndef SERVICES_SEGMENTATION_API_HANDLERS_RFM_SCORES_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_RFM_SCORES_H_

// The RPCs that read what a run found for its customers.

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "common/cache/record.h"
#include "common/rpc/call_context.h"
#include "services/segmentation/api/handlers/api_context.h"
#include "services/segmentation/api/validation/requests.h"

namespace clientele::segmentation {

// Errors as at the RPC in rfm_service.proto. Get and BatchGet read through the cache, each other
// read sees one snapshot. Thread-safe; `api` outlives it.
class RfmScores {
 public:
  explicit RfmScores(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::RfmScore> Get(rpc::CallContext& call,
                                   const v1::GetScoreRequest& request) const;
  absl::StatusOr<v1::BatchGetScoresResponse> BatchGet(
      rpc::CallContext& call, const v1::BatchGetScoresRequest& request) const;
  absl::StatusOr<v1::ListScoresResponse> List(rpc::CallContext& call,
                                              const v1::ListScoresRequest& request) const;
  // From the stored row and the run's own cut points, never from the order log.
  absl::StatusOr<v1::RfmScoreExplanation> Explain(rpc::CallContext& call,
                                                  const v1::ExplainScoreRequest& request) const;

 private:
  // One record for each of the query's customers, in order; the run is named.
  absl::StatusOr<std::vector<cache::Record>> ReadCached(absl::Time deadline,
                                                        const BatchScoreQuery& query) const;

  const ApiContext& api_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_RFM_SCORES_H_
