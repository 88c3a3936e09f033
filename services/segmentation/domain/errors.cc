#include "services/segmentation/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::segmentation {

absl::Status RfmModelNotFound(absl::string_view model_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "RFM_MODEL_NOT_FOUND", "no such RFM model")
      .Metadata("model_id", model_id)
      .Resource("rfm_model", model_id)
      .Build();
}

absl::Status RfmRunNotFound(absl::string_view run_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "RFM_RUN_NOT_FOUND", "no such RFM run")
      .Metadata("run_id", run_id)
      .Resource("rfm_run", run_id)
      .Build();
}

absl::Status RfmModelAlreadyExists(absl::string_view model_id) {
  return ErrorBuilder(absl::StatusCode::kAlreadyExists, "RFM_MODEL_ALREADY_EXISTS",
                      "an RFM model with this id exists; models never change")
      .Metadata("model_id", model_id)
      .Resource("rfm_model", model_id)
      .Build();
}

absl::Status RfmRunNotFinished(absl::string_view run_id, absl::string_view state) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "RFM_RUN_NOT_FINISHED",
                      absl::StrCat("the RFM run is ", state, ": it has no result"))
      .Metadata("run_id", run_id)
      .Metadata("state", state)
      .Precondition("RFM_RUN_STATE", absl::StrCat("rfm_run/", run_id), "must be SUCCEEDED")
      .Build();
}

absl::Status RfmRunAlreadyFinished(absl::string_view run_id, absl::string_view state) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "RFM_RUN_ALREADY_FINISHED",
                      absl::StrCat("the RFM run is ", state, " and cannot be cancelled"))
      .Metadata("run_id", run_id)
      .Metadata("state", state)
      .Precondition("RFM_RUN_STATE", absl::StrCat("rfm_run/", run_id), "must not be finished")
      .Build();
}

absl::Status ScoreNotFound(const ScoreKey& key) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "SCORE_NOT_FOUND",
                      "the run has no score for this customer")
      .Metadata("run_id", key.run_id)
      .Metadata("customer_id", key.customer_id)
      .Resource("rfm_score", absl::StrCat(key.run_id, "/", key.customer_id))
      .Build();
}

absl::Status InsufficientData(const std::vector<FailedGate>& failed) {
  CLIENTELE_CHECK(!failed.empty());
  const std::string sentence =
      absl::StrJoin(failed, "; ", [](std::string* out, const FailedGate& gate) {
        absl::StrAppend(out, DescribeFailedGate(gate));
      });
  ErrorBuilder builder(absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_DATA",
                       absl::StrCat("the data cannot support an RFM run: ", sentence));
  builder.Metadata("gate", GateName(failed.front().gate))
      .Metadata("actual", absl::StrCat(failed.front().actual))
      .Metadata("required", absl::StrCat(failed.front().required));
  for (const FailedGate& gate : failed) {
    builder.Precondition(GateName(gate.gate), "rfm_run", DescribeFailedGate(gate));
  }
  return builder.Build();
}

absl::Status NoBuyers() { return InsufficientData({{Gate::kBuyers, 0, 1}}); }

}  // namespace clientele::segmentation
