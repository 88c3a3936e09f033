#include "services/segmentation/segmentation_definition.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "clientele/segmentation/v1/rfm_run.pb.h"
#include "common/server/feed_log.h"
#include "common/server/service_runtime.h"
#include "common/time/time_proto.h"
#include "services/segmentation/api/handlers/api_context.h"
#include "services/segmentation/segmentation_module.h"
#include "services/segmentation/work_log.h"

namespace clientele::segmentation {
namespace {

// The phases of a run, as labels.
constexpr char kLoading[] = "loading";
constexpr char kScoring[] = "scoring";
constexpr char kWriting[] = "writing";

// Bounds in seconds of how long a phase of a run takes.
std::vector<double> PhaseSecondsBuckets() { return {0.05, 0.2, 1, 5, 20, 60, 300, 1200}; }

// Counts and logs what became of runs. Thread-safe.
class RunReports {
 public:
  explicit RunReports(server::ServiceRuntime& runtime) : runtime_(runtime) {
    for (const RunState state :
         {RunState::kRunning, RunState::kSucceeded, RunState::kFailed, RunState::kCancelled}) {
      CounterOf(state);
    }
    for (const char* phase : {kLoading, kScoring, kWriting}) {
      PhaseSeconds(phase);
    }
  }

  void Take(const RunReport& report) {
    CounterOf(report.state).Increment();
    if (report.state == RunState::kSucceeded) {
      PhaseSeconds(kLoading).Observe(absl::ToDoubleSeconds(report.load_duration));
      PhaseSeconds(kScoring).Observe(absl::ToDoubleSeconds(report.score_duration));
      PhaseSeconds(kWriting).Observe(absl::ToDoubleSeconds(report.write_duration));
    }
    LogRun(runtime_.logger(), report);
  }

 private:
  // RUNNING stands for a run that was interrupted and will be tried again.
  prometheus::Counter& CounterOf(RunState state) {
    const std::string label =
        state == RunState::kRunning ? "interrupted" : absl::AsciiStrToLower(RunStateName(state));
    return runtime_.metrics().AddCounter("rfm_runs_total", "RFM runs by how they ended.",
                                         {{"state", label}});
  }

  prometheus::Histogram& PhaseSeconds(const char* phase) {
    return runtime_.metrics().AddHistogram("rfm_run_phase_seconds",
                                           "How long the phases of RFM runs took.",
                                           PhaseSecondsBuckets(), {{"phase", phase}});
  }

  server::ServiceRuntime& runtime_;
};

// Shows what the latest run found. Used by one thread at a time.
class LatestRunGauges {
 public:
  explicit LatestRunGauges(Metrics& metrics)
      : metrics_(metrics),
        last_success_(metrics.AddGauge("rfm_last_success_timestamp_seconds",
                                       "When the latest RFM run succeeded; 0 = none has.")) {}

  void Take(const v1::RfmRun& run) {
    last_success_.Set(TimestampSeconds(FromTimestamp(run.job().end_time())));
    std::map<std::string, double> counts;
    for (const v1::RfmSegmentTotal& total : run.segments()) {
      counts[total.segment()] = static_cast<double>(total.customer_count());
    }
    for (const std::string& segment : segments_) {
      counts.try_emplace(segment, 0);  // of another rule set
    }
    for (const auto& [segment, count] : counts) {
      metrics_
          .AddGauge("segment_customers", "Customers by segment, as of the latest RFM run.",
                    {{"segment", segment}})
          .Set(count);
      segments_.insert(segment);
    }
  }

 private:
  Metrics& metrics_;
  prometheus::Gauge& last_success_;
  std::set<std::string> segments_;  // of the built-in rule sets, so there are few
};

SegmentationParts PartsOf(server::ServiceRuntime& runtime, const SegmentationConfig& config) {
  const auto reports = std::make_shared<RunReports>(runtime);
  const auto latest = std::make_shared<LatestRunGauges>(runtime.metrics());
  return {.handlers = runtime.handler_parts(),
          .profile_channel = runtime.Connect(config.profile_address),
          .consumer = runtime.consumer_options(),
          .runner = {.holder = runtime.options().replica_name,
                     .load_threads =
                         LoadThreadsOf(config, ReadMachineLimits(),
                                       runtime.handler_parts().database.load().connections_max)},
          .on_consumer_failure =
              [&runtime](const feed::ConsumerFailure& failure) {
                server::LogConsumerFailure(runtime.logger(), failure);
              },
          .on_run_report = [reports](const RunReport& report) { reports->Take(report); },
          .on_latest_run = [latest](const v1::RfmRun& run) { latest->Take(run); }};
}

}  // namespace

server::ServiceDefinition SegmentationDefinition(const SegmentationConfig& config) {
  return {.service = "segmentation",
          .grpc_services = {"clientele.segmentation.v1.RfmService",
                            "clientele.segmentation.v1.AnalyticsService",
                            "clientele.common.v1.AuditService", "clientele.common.v1.EventService"},
          .migrations = SegmentationMigrations(),
          .event_types = {},
          .cache_kinds = {kScoreKind, kLatestRunKind},
          .called_methods = {"/clientele.common.v1.EventService/WatchEvents",
                             "/clientele.common.v1.EventService/ExportEvents"},
          .peer_addresses = {&config.profile_address},
          .make_module = [&config](server::ServiceRuntime& runtime) {
            return std::make_unique<SegmentationModule>(PartsOf(runtime, config),
                                                        runtime.pipeline());
          }};
}

}  // namespace clientele::segmentation
