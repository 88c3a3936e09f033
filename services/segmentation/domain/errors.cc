#include "services/segmentation/domain/errors.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::segmentation {
namespace {

absl::Status CurrencyMissing(const std::vector<std::string>& currency_codes,
                             absl::string_view where, absl::string_view subject) {
  const std::string currencies = absl::StrJoin(currency_codes, ", ");
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "CURRENCY_REQUIRED",
                      absl::StrCat("orders are in ", currencies, "; name one of them in ", where))
      .Metadata("currencies", currencies)
      .Precondition("CURRENCY", subject, "must name the currency to count in")
      .Build();
}

}  // namespace

absl::Status RfmModelNotFound(absl::string_view model_id, int64_t version) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "RFM_MODEL_NOT_FOUND",
                      version == 0 ? "no such RFM model" : "the RFM model has no such version")
      .Metadata("model_id", model_id)
      .Metadata("version", absl::StrCat(version))
      .Resource("rfm_model", model_id)
      .Build();
}

absl::Status RfmRunNotFound(absl::string_view run_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "RFM_RUN_NOT_FOUND", "no such RFM run")
      .Metadata("run_id", run_id)
      .Resource("rfm_run", run_id)
      .Build();
}

absl::Status NoRfmRunSucceeded() {
  return ErrorBuilder(absl::StatusCode::kNotFound, "RFM_RUN_NOT_FOUND",
                      "no RFM run has succeeded yet")
      .Metadata("run_id", "")
      .Resource("rfm_run", "")
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

absl::Status RfmRunEnded(absl::string_view run_id, absl::string_view state) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "RFM_RUN_ENDED",
                      absl::StrCat("the RFM run is ", state, " and cannot be cancelled"))
      .Metadata("run_id", run_id)
      .Metadata("state", state)
      .Precondition("RFM_RUN_STATE", absl::StrCat("rfm_run/", run_id), "must be PENDING or RUNNING")
      .Build();
}

absl::Status RfmRunAttemptsExhausted(absl::string_view run_id, int64_t attempt_count) {
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "RFM_RUN_ATTEMPTS_EXHAUSTED",
                      absl::StrCat("the RFM run was begun ", attempt_count,
                                   " times and never came to an end"))
      .Metadata("run_id", run_id)
      .Metadata("attempt_count", absl::StrCat(attempt_count))
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

absl::Status CurrencyRequired(const std::vector<std::string>& currency_codes) {
  return CurrencyMissing(currency_codes, "the RFM model", "rfm_model");
}

absl::Status ReportCurrencyRequired(const std::vector<std::string>& currency_codes) {
  return CurrencyMissing(currency_codes, "the request", "report");
}

absl::Status RfmRunsNotComparable(const RuleSetPair& rule_sets) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "RFM_RUNS_NOT_COMPARABLE",
                      absl::StrCat("the runs name segments by ", rule_sets.from_rule_set_id,
                                   " and ", rule_sets.to_rule_set_id, " and cannot be compared"))
      .Metadata("from_rule_set_id", rule_sets.from_rule_set_id)
      .Metadata("to_rule_set_id", rule_sets.to_rule_set_id)
      .Precondition("RULE_SET", "rfm_run", "both must name segments by the same rule set")
      .Build();
}

absl::Status ReportTooLarge(int64_t rows_max) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "REPORT_TOO_LARGE",
                      absl::StrCat("the report has more than ", rows_max,
                                   " rows; ask for a coarser period or a shorter time"))
      .Metadata("rows_max", absl::StrCat(rows_max))
      .Precondition("ROWS", "report", absl::StrCat("must have at most ", rows_max, " rows"))
      .Build();
}

absl::Status NoBuyers(int64_t buyers_min) {
  return InsufficientData({{Gate::kBuyers, 0, std::max<int64_t>(buyers_min, 1)}});
}

}  // namespace clientele::segmentation
