#ifndef SERVICES_SEGMENTATION_API_VALIDATION_REQUESTS_H_
#define SERVICES_SEGMENTATION_API_VALIDATION_REQUESTS_H_

// Requests as plain values. Each Validate… answers INVALID_ARGUMENT with every violation at once.
// Pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "clientele/segmentation/v1/analytics_service.pb.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "common/cache/freshness.h"
#include "common/pagination/page_token.h"
#include "common/rpc/call_context.h"
#include "services/segmentation/domain/rfm_model.h"

namespace clientele::segmentation {

struct PublishModelCommand {
  std::string request_id;  // canonical or empty, here and below
  std::string model_id;
  RfmModelSpec spec;
};
absl::StatusOr<PublishModelCommand> Validate(const rpc::CallContext& call,
                                             const v1::PublishRfmModelRequest& request);

struct ModelQuery {
  std::string model_id;
  int64_t version = 0;  // 0 = the latest
};
absl::StatusOr<ModelQuery> Validate(const v1::GetRfmModelRequest& request);

// What a page of a list shows.
struct PageQuery {
  std::string arguments;  // what the page's own token is bound to
  PageCursor cursor;      // after this row; empty = from the first
  int32_t page_size = 0;
};
// These and ListScores: reason INVALID_PAGE_TOKEN when the token is the only violation.
absl::StatusOr<PageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                   const v1::ListRfmModelsRequest& request);
absl::StatusOr<PageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                   const v1::ListRunsRequest& request);

struct StartRunCommand {
  std::string request_id;
  ModelQuery model;
  absl::CivilDay as_of;
  bool forced = false;
};
absl::StatusOr<StartRunCommand> Validate(const rpc::CallContext& call,
                                         const v1::StartRunRequest& request);

// The run's id; empty = the latest that succeeded.
absl::StatusOr<std::string> Validate(const v1::GetRunRequest& request);

struct CancelRunCommand {
  std::string request_id;
  std::string run_id;
};
absl::StatusOr<CancelRunCommand> Validate(const rpc::CallContext& call,
                                          const v1::CancelRunRequest& request);

struct ScoreQuery {
  std::string customer_id;
  std::string run_id;  // empty = the latest that succeeded, here and below
  cache::ReadRule rule;
};
absl::StatusOr<ScoreQuery> Validate(const v1::GetScoreRequest& request);
absl::StatusOr<ScoreQuery> Validate(const v1::ExplainScoreRequest& request);

struct BatchScoreQuery {
  std::vector<std::string> customer_ids;
  std::string run_id;
  cache::ReadRule rule;
};
absl::StatusOr<BatchScoreQuery> Validate(const v1::BatchGetScoresRequest& request);

struct ScoreListQuery {
  std::string run_id;
  std::string segment;  // empty = all; whether the run has it is the handler's to see
  PageQuery page;
};
absl::StatusOr<ScoreListQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                        const v1::ListScoresRequest& request);

struct CountBuyersQuery {
  std::optional<absl::Time> as_of;  // unset = now
  int64_t min_orders = 2;
  std::string source_system;
};
absl::StatusOr<CountBuyersQuery> Validate(const v1::CountBuyersRequest& request);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_VALIDATION_REQUESTS_H_
