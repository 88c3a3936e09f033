#include "services/segmentation/jobs/rfm_executor.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "common/feed/consumer_positions.h"
#include "common/rpc/status_mapping.h"
#include "common/sql/background_tx.h"
#include "common/sql/errors.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/segmentation/api/converters/model_converter.h"
#include "services/segmentation/api/converters/run_converter.h"
#include "services/segmentation/domain/errors.h"
#include "services/segmentation/domain/gates.h"
#include "services/segmentation/jobs/order_log_consumer.h"
#include "services/segmentation/jobs/snapshot_writer.h"
#include "services/segmentation/limits.h"
#include "services/segmentation/store/order_log_store.h"

namespace clientele::segmentation {
namespace {

constexpr absl::string_view kCancelAsked = "a cancel was asked for";

// Whether the same run may well succeed a little later.
bool IsTransient(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsAborted(status) ||
         absl::IsDeadlineExceeded(status) || sql::IsOutcomeUnknown(status);
}

absl::StatusOr<std::string> CurrencyOf(sql::Tx& tx, const RfmModelSpec& spec) {
  if (!spec.currency_code.empty()) {
    return spec.currency_code;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<std::string> currencies,
                             ListOrderCurrencies(tx, spec.source_system.value_or("")));
  if (currencies.empty()) {
    return NoBuyers(spec.gates.buyers_min);
  }
  if (currencies.size() > 1) {
    return CurrencyRequired(currencies);
  }
  return currencies.front();
}

// The customers with the highest monetary value, highest first, equal ones by id.
std::vector<ScoreEntry> TopCustomers(const RfmModelSpec& spec, const LoadedPopulation& loaded,
                                     const RunScores& scores) {
  const RfmColumns& columns = loaded.population.columns;
  std::vector<size_t> order(columns.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const size_t count = std::min<size_t>(kTopCustomers, order.size());
  std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](size_t a, size_t b) {
    const double value_a = MonetaryValue(spec.monetary, columns.At(a));
    const double value_b = MonetaryValue(spec.monetary, columns.At(b));
    return value_a != value_b ? value_a > value_b : a < b;
  });
  std::vector<ScoreEntry> top;
  for (size_t i = 0; i < count; ++i) {
    const Score score = scores.At(order[i]);
    top.push_back({loaded.customers.IdOf(loaded.scored[order[i]]), columns.At(order[i]), score.r,
                   score.f, score.m, score.segment});
  }
  return top;
}

struct ScoredPopulation {
  RunScores scores;
  std::string result_bytes;  // what the run found
};

// The scoring phase. INSUFFICIENT_DATA when the gates fail and the run is not forced, and always
// when there is nobody to score.
absl::StatusOr<ScoredPopulation> ScorePopulation(const RunRecord& run, const RunInput& input,
                                                 const LoadedPopulation& loaded) {
  const RfmModelSpec& spec = input.spec;
  const Population& population = loaded.population;
  const std::vector<FailedGate> failed_gates =
      EvaluateGates(spec, OrderCounter(spec, input.as_of), population);
  if (!failed_gates.empty() && (!run.request.forced || population.columns.size() == 0)) {
    return InsufficientData(failed_gates);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const CutPoints cut_points,
                             ComputeCutPoints(spec, population.columns));
  ScoredPopulation scored;
  scored.scores = ScoreAll(spec, cut_points, population.columns);
  AddUnscored(RulesOf(spec), population, scored.scores);
  scored.result_bytes = FindingsToBytes({.run_id = run.request.run_id,
                                         .spec = spec,
                                         .positions = input.positions,
                                         .failed_gates = failed_gates,
                                         .population = population,
                                         .cut_points = cut_points,
                                         .scores = scored.scores,
                                         .top = TopCustomers(spec, loaded, scored.scores)});
  return scored;
}

// Measures the parts of a run.
class Stopwatch {
 public:
  explicit Stopwatch(const Clock& clock) : clock_(clock), start_(clock.Now()) {}
  absl::Duration Lap() {
    const absl::Time now = clock_.Now();
    return now - std::exchange(start_, now);
  }

 private:
  const Clock& clock_;
  absl::Time start_;
};

}  // namespace

absl::StatusOr<std::optional<RunReport>> RfmExecutor::RunNext() {
  // Whoever only looks takes no lease.
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<RunRecord> waiting,
                             ReadIn(database_, sql::BackgroundTx(), FindNextRun));
  if (!waiting.has_value() || stopping_) {
    return std::nullopt;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const bool is_holder, lease_.Take());
  if (!is_holder) {
    return std::nullopt;
  }
  absl::StatusOr<std::optional<RunReport>> report = RunNextHeld();
  lease_.GiveBack();
  return report;
}

absl::StatusOr<std::optional<RunReport>> RfmExecutor::RunNextHeld() {
  // Again: another process may have done it meanwhile.
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<RunRecord> run,
                             ReadIn(database_, sql::BackgroundTx(), FindNextRun));
  if (!run.has_value()) {
    return std::nullopt;
  }
  RunReport report{
      .run_id = run->request.run_id, .run_no = run->run_no, .attempt_count = run->attempt_count};
  report.error = Execute(*run, report);
  if (report.error.ok()) {
    report.state = RunState::kSucceeded;
  } else {
    CLIENTELE_RETURN_IF_ERROR(EndUnsuccessfully(*run, report));
  }
  return report;
}

absl::Status RfmExecutor::Execute(const RunRecord& run, RunReport& report) {
  if (run.cancel_requested) {
    return absl::CancelledError(kCancelAsked);
  }
  CLIENTELE_RETURN_IF_ERROR(BeginAttempt(run, report));
  Stopwatch stopwatch(clock_);
  CLIENTELE_RETURN_IF_ERROR(DeleteSnapshot(lease_, run.run_no));
  CLIENTELE_ASSIGN_OR_RETURN(const RunInput input, Begin(run));
  RunWatch watch(run.run_no, board_, stopping_);

  CLIENTELE_RETURN_IF_ERROR(BeginPhase(watch, "loading", 0));
  CLIENTELE_ASSIGN_OR_RETURN(const LoadedPopulation loaded,
                             LoadPopulation(database_, input, {.threads = load_threads_}, watch));
  report.customer_count = static_cast<int64_t>(loaded.scored.size());
  report.load_duration = stopwatch.Lap();

  CLIENTELE_RETURN_IF_ERROR(BeginPhase(watch, "scoring", report.customer_count));
  CLIENTELE_ASSIGN_OR_RETURN(const ScoredPopulation scored, ScorePopulation(run, input, loaded));
  report.score_duration = stopwatch.Lap();

  CLIENTELE_RETURN_IF_ERROR(BeginPhase(
      watch, "writing", report.customer_count + static_cast<int64_t>(loaded.out_of_window.size())));
  CLIENTELE_RETURN_IF_ERROR(WriteSnapshot(lease_, input.spec, loaded, scored.scores, watch));
  bool succeeded = false;
  CLIENTELE_RETURN_IF_ERROR(lease_.Write([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(succeeded,
                               SucceedRun(tx, run.run_no, clock_.Now(), scored.result_bytes));
    return absl::OkStatus();
  }));
  report.write_duration = stopwatch.Lap();
  return succeeded ? absl::OkStatus() : absl::CancelledError(kCancelAsked);
}

absl::Status RfmExecutor::BeginAttempt(const RunRecord& run, RunReport& report) {
  if (run.attempt_count >= kRunAttemptsMax) {
    return RfmRunAttemptsExhausted(run.request.run_id, run.attempt_count);
  }
  std::optional<int64_t> attempt;
  CLIENTELE_RETURN_IF_ERROR(lease_.Write([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(attempt, TakeAttempt(tx, run.run_no));
    return absl::OkStatus();
  }));
  if (!attempt.has_value()) {
    return absl::CancelledError("the run has ended");
  }
  report.attempt_count = *attempt;
  return absl::OkStatus();
}

absl::StatusOr<RunInput> RfmExecutor::Begin(const RunRecord& run) {
  RunInput input;
  const absl::Status status = lease_.Write([&](sql::Tx& tx) -> absl::Status {
    input = {.as_of = run.request.as_of};
    CLIENTELE_ASSIGN_OR_RETURN(input.spec, SpecFromBytes(run.request.spec_bytes));
    CLIENTELE_ASSIGN_OR_RETURN(input.positions, feed::ReadConsumerPositions(tx, kProfileFeed));
    CLIENTELE_ASSIGN_OR_RETURN(const std::string currency_code, CurrencyOf(tx, input.spec));
    CLIENTELE_RETURN_IF_ERROR(SetCurrency(currency_code, input.spec));
    CLIENTELE_ASSIGN_OR_RETURN(const bool begun,
                               BeginRun(tx, run.run_no, clock_.Now(), SpecToBytes(input.spec)));
    if (!begun) {
      return absl::CancelledError("the run has ended");
    }
    return absl::OkStatus();
  });
  return status.ok() ? absl::StatusOr<RunInput>(std::move(input)) : status;
}

absl::Status RfmExecutor::BeginPhase(RunWatch& watch, absl::string_view phase,
                                     int64_t total_count) {
  watch.BeginPhase(phase, total_count);
  return lease_.Write(
      [&](sql::Tx& tx) { return SaveProgress(tx, watch.run_no(), watch.Progress()); });
}

absl::Status RfmExecutor::EndUnsuccessfully(const RunRecord& run, RunReport& report) {
  if (stopping_) {
    const bool was_counted = report.attempt_count > run.attempt_count;
    return was_counted ? lease_.Write([&](sql::Tx& tx) { return ReturnAttempt(tx, run.run_no); })
                       : absl::OkStatus();
  }
  if (IsTransient(report.error) && report.attempt_count < kRunAttemptsMax) {
    return absl::OkStatus();
  }
  CLIENTELE_RETURN_IF_ERROR(DeleteSnapshot(lease_, run.run_no));
  report.state = absl::IsCancelled(report.error) ? RunState::kCancelled : RunState::kFailed;
  return lease_.Write([&](sql::Tx& tx) {
    if (report.state == RunState::kCancelled) {
      return CancelRun(tx, run.run_no, clock_.Now());
    }
    return FailRun(
        tx, run.run_no, clock_.Now(),
        rpc::ToRpcStatus(report.error, rpc::ErrorDomainOf("segmentation")).SerializeAsString());
  });
}

}  // namespace clientele::segmentation
