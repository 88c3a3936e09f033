#include "services/segmentation/api/validation/requests.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/handler/cached_message.h"
#include "common/pagination/page_size.h"
#include "common/status/macros.h"
#include "common/status/merge_violations.h"
#include "common/status/value_unless.h"
#include "services/segmentation/api/converters/model_converter.h"
#include "services/segmentation/api/validation/fields.h"
#include "services/segmentation/limits.h"

namespace clientele::segmentation {
namespace {

// A segment's id is shorter than any word longer than this.
constexpr size_t kSegmentBytesMax = 100;

template <typename Request>
ScoreQuery CheckScoreQuery(const Request& request, Violations& violations) {
  CheckChosenId("customer_id", request.customer_id(), violations);
  return {.customer_id = request.customer_id(),
          .run_id = CheckOptionalRunId("run_id", request.run_id(), violations)};
}

// The page fields of a list whose token is bound to `arguments`; adds to the `violations` of the
// other fields and answers them all.
template <typename Request>
absl::StatusOr<PageQuery> ValidatePage(const Request& request, PageSizeLimits limits,
                                       std::string arguments, const PageTokenCodec& tokens,
                                       Violations violations) {
  PageQuery page{.arguments = std::move(arguments)};
  page.page_size = ResolvePageSize(request.page_size(), limits, violations);
  absl::StatusOr<PageCursor> cursor = tokens.Decode(request.page_token(), page.arguments);
  CLIENTELE_RETURN_IF_ERROR(MergeViolations(violations, {cursor.status()}));
  page.cursor = *std::move(cursor);
  return page;
}

}  // namespace

absl::StatusOr<PublishModelCommand> Validate(const rpc::CallContext& call,
                                             const v1::PublishRfmModelRequest& request) {
  Violations violations;
  PublishModelCommand command;
  command.request_id = CheckRequestId(call, request.request_id(), violations);
  CheckChosenId("model_id", request.model_id(), violations);
  command.model_id = request.model_id();
  if (request.has_spec()) {
    command.spec = SpecFromProto(request.spec(), "spec", violations);
  } else {
    violations.Add("spec", "must be set");
  }
  return ValueUnless(violations, std::move(command));
}

absl::StatusOr<ModelQuery> Validate(const v1::GetRfmModelRequest& request) {
  Violations violations;
  CheckChosenId("model_id", request.model_id(), violations);
  CheckVersion("version", request.version(), violations);
  return ValueUnless(violations, ModelQuery{request.model_id(), request.version()});
}

absl::StatusOr<PageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                   const v1::ListRfmModelsRequest& request) {
  return ValidatePage(request, kModelPageSize, call.method, tokens, Violations());
}

absl::StatusOr<PageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                   const v1::ListRunsRequest& request) {
  return ValidatePage(request, kRunPageSize, call.method, tokens, Violations());
}

absl::StatusOr<StartRunCommand> Validate(const rpc::CallContext& call,
                                         const v1::StartRunRequest& request) {
  Violations violations;
  StartRunCommand command;
  command.request_id = CheckRequestId(call, request.request_id(), violations);
  CheckChosenId("model_id", request.model_id(), violations);
  CheckVersion("model_version", request.model_version(), violations);
  command.model = {request.model_id(), request.model_version()};
  command.as_of = CheckAsOfDate("as_of_date", request.as_of_date(), violations);
  command.forced = request.force();
  return ValueUnless(violations, std::move(command));
}

absl::StatusOr<std::string> Validate(const v1::GetRunRequest& request) {
  Violations violations;
  std::string run_id = CheckOptionalRunId("run_id", request.run_id(), violations);
  return ValueUnless(violations, std::move(run_id));
}

absl::StatusOr<CancelRunCommand> Validate(const rpc::CallContext& call,
                                          const v1::CancelRunRequest& request) {
  Violations violations;
  CancelRunCommand command{CheckRequestId(call, request.request_id(), violations),
                           CheckRunId("run_id", request.run_id(), violations)};
  return ValueUnless(violations, std::move(command));
}

absl::StatusOr<ScoreQuery> Validate(const v1::GetScoreRequest& request) {
  Violations violations;
  ScoreQuery query = CheckScoreQuery(request, violations);
  query.rule = ToReadRule(request.consistency(), std::nullopt, violations);
  return ValueUnless(violations, std::move(query));
}

absl::StatusOr<ScoreQuery> Validate(const v1::ExplainScoreRequest& request) {
  Violations violations;
  ScoreQuery query = CheckScoreQuery(request, violations);
  return ValueUnless(violations, std::move(query));
}

absl::StatusOr<BatchScoreQuery> Validate(const v1::BatchGetScoresRequest& request) {
  Violations violations;
  if (request.customer_ids().empty() || request.customer_ids_size() > kBatchScoresMax) {
    violations.Add("customer_ids", absl::StrCat("must hold 1 to ", kBatchScoresMax, " ids"));
  } else {
    for (int i = 0; i < request.customer_ids_size(); ++i) {
      CheckChosenId(absl::StrCat("customer_ids[", i, "]"), request.customer_ids(i), violations);
    }
  }
  BatchScoreQuery query{
      .customer_ids = {request.customer_ids().begin(), request.customer_ids().end()},
      .run_id = CheckOptionalRunId("run_id", request.run_id(), violations),
      .rule = ToReadRule(request.consistency(), std::nullopt, violations)};
  return ValueUnless(violations, std::move(query));
}

absl::StatusOr<ScoreListQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                        const v1::ListScoresRequest& request) {
  Violations violations;
  ScoreListQuery query{.run_id = CheckOptionalRunId("run_id", request.run_id(), violations),
                       .segment = request.segment()};
  if (request.segment().size() > kSegmentBytesMax) {
    violations.Add("segment", absl::StrCat("must have at most ", kSegmentBytesMax, " bytes"));
  }
  CLIENTELE_ASSIGN_OR_RETURN(
      query.page, ValidatePage(request, kScorePageSize,
                               absl::StrCat(call.method, "\n", query.run_id, "\n", query.segment),
                               tokens, violations));
  return query;
}

absl::StatusOr<CountBuyersQuery> Validate(const v1::CountBuyersRequest& request) {
  Violations violations;
  CountBuyersQuery query;
  if (request.has_as_of_time()) {
    query.as_of = CheckTime("as_of_time", request.as_of_time(), violations);
  }
  if (request.min_orders() < 0 || request.min_orders() > kMinOrdersMax) {
    violations.Add("min_orders", absl::StrCat("must be 0 to ", kMinOrdersMax));
  }
  query.min_orders = request.min_orders() == 0 ? query.min_orders : request.min_orders();
  CheckSourceSystem("source_system", request.source_system(), violations);
  query.source_system = request.source_system();
  return ValueUnless(violations, std::move(query));
}

}  // namespace clientele::segmentation
