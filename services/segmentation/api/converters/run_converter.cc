#include "services/segmentation/api/converters/run_converter.h"

#include "common/status/macros.h"
#include "common/time/civil.h"
#include "common/time/time_proto.h"
#include "services/segmentation/api/converters/model_converter.h"
#include "services/segmentation/api/converters/score_converter.h"
#include "services/segmentation/domain/rule_set.h"

namespace clientele::segmentation {
namespace {

void AddSegments(const RunFindings& findings, v1::RfmRun& run) {
  const RuleSet& rules = RulesOf(findings.spec);
  for (size_t i = 0; i < rules.segments.size(); ++i) {
    const Segment& segment = rules.segments[i];
    const SegmentTotal& total = findings.scores.totals[i];
    v1::RfmSegmentTotal& to = *run.add_segments();
    to.set_segment(std::string(segment.id));
    to.set_name_en(std::string(segment.name_en));
    to.set_name_zh(std::string(segment.name_zh));
    to.set_strategy_hint(std::string(segment.strategy));
    to.set_customer_count(total.customers);
    to.set_order_count(total.orders);
    to.set_revenue_minor(total.revenue_minor);
  }
}

void AddMatrix(const RunFindings& findings, v1::RfmRun& run) {
  const int score_count = ScoreCount(findings.spec);
  for (int r = 1; r <= score_count; ++r) {
    for (int f = 1; f <= score_count; ++f) {
      const int64_t count = findings.scores.matrix[(r - 1) * score_count + f - 1];
      if (count > 0) {
        v1::RfmMatrixCell& cell = *run.add_matrix();
        cell.set_recency_score(r);
        cell.set_frequency_score(f);
        cell.set_customer_count(count);
      }
    }
  }
}

void AddExclusions(const Population& population, v1::RfmRun& run) {
  for (size_t i = 1; i < kExclusionCount; ++i) {
    const Exclusion exclusion = static_cast<Exclusion>(i);
    if (population.Excluded(exclusion) > 0) {
      v1::RfmExclusion& to = *run.add_exclusions();
      to.set_reason(std::string(ExclusionName(exclusion)));
      to.set_customer_count(population.Excluded(exclusion));
    }
  }
}

void AddPositions(const feed::Positions& positions, v1::RfmRun& run) {
  for (int partition = 0; partition < feed::kPartitionCount; ++partition) {
    common::v1::PartitionPosition& to = *run.add_input_positions();
    to.set_partition(partition);
    to.set_position(positions[partition]);
  }
}

absl::StatusOr<v1::RfmRun> ParseFindings(const RunRecord& run) {
  v1::RfmRun proto;
  if (!proto.ParseFromString(run.result_bytes)) {
    return absl::InternalError("the stored result of an RFM run cannot be parsed");
  }
  return proto;
}

// The live progress belongs to a run that the database still has as RUNNING.
absl::Status SetJob(const RunRecord& run, const std::optional<RunProgress>& live,
                    common::v1::Job& job) {
  const RunProgress& progress =
      live.has_value() && run.state == RunState::kRunning ? *live : run.progress;
  job.set_state(static_cast<common::v1::JobState>(run.state));
  job.set_phase(progress.phase);
  job.set_done_count(progress.done_count);
  job.set_total_count(progress.total_count);
  job.set_cancel_requested(run.cancel_requested);
  if (!run.error_bytes.empty() && !job.mutable_error()->ParseFromString(run.error_bytes)) {
    return absl::InternalError("the stored error of an RFM run cannot be parsed");
  }
  *job.mutable_create_time() = ToTimestamp(run.request.create_time);
  if (run.start_time.has_value()) {
    *job.mutable_start_time() = ToTimestamp(*run.start_time);
  }
  if (run.end_time.has_value()) {
    *job.mutable_end_time() = ToTimestamp(*run.end_time);
  }
  return absl::OkStatus();
}

}  // namespace

std::string FindingsToBytes(const RunFindings& findings) {
  v1::RfmRun run;
  for (const FailedGate& failed : findings.failed_gates) {
    v1::RfmGateFailure& to = *run.add_failed_gates();
    to.set_gate(std::string(GateName(failed.gate)));
    to.set_actual(failed.actual);
    to.set_required(failed.required);
  }
  AddPositions(findings.positions, run);
  run.set_customer_count(static_cast<int64_t>(findings.population.columns.size()));
  AddExclusions(findings.population, run);
  *run.mutable_edges() = ToProto(findings.cut_points.edges);
  AddSegments(findings, run);
  AddMatrix(findings, run);
  run.set_tie_sensitivity(findings.scores.tie_sensitivity);
  for (const ScoreEntry& entry : findings.top) {
    *run.add_top_customers() = ToProto(findings.spec, findings.run_id, entry);
  }
  return run.SerializeAsString();
}

absl::StatusOr<v1::RfmRun> ToProto(const RunRecord& run, const std::optional<RunProgress>& live,
                                   RunView view) {
  CLIENTELE_ASSIGN_OR_RETURN(v1::RfmRun proto, ParseFindings(run));
  if (view == RunView::kList) {
    proto.clear_segments();
    proto.clear_matrix();
    proto.clear_top_customers();
  }
  proto.set_run_id(run.request.run_id);
  proto.set_model_id(run.request.model_id);
  proto.set_model_version(run.request.model_version);
  if (!proto.mutable_spec()->ParseFromString(run.request.spec_bytes)) {
    return absl::InternalError("the stored spec of an RFM run cannot be parsed");
  }
  *proto.mutable_as_of_time() = ToTimestamp(run.request.as_of_time);
  proto.set_as_of_date(FormatDate(run.request.as_of));
  proto.set_forced(run.request.forced);
  CLIENTELE_RETURN_IF_ERROR(SetJob(run, live, *proto.mutable_job()));
  return proto;
}

absl::StatusOr<CutPoints> CutPointsOf(const RunRecord& run) {
  CLIENTELE_ASSIGN_OR_RETURN(const v1::RfmRun proto, ParseFindings(run));
  return CutPoints{EdgesFromProto(proto.edges())};
}

}  // namespace clientele::segmentation
