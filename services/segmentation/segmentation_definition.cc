#include "services/segmentation/segmentation_definition.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/server/feed_log.h"
#include "common/server/service_runtime.h"
#include "services/segmentation/api/handlers/api_context.h"
#include "services/segmentation/segmentation_module.h"
#include "services/segmentation/work_log.h"

namespace clientele::segmentation {
namespace {

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
  }

  void Take(const RunReport& report) {
    CounterOf(report.state).Increment();
    if (report.state == RunState::kSucceeded) {
      Observe("loading", report.load_duration);
      Observe("scoring", report.score_duration);
      Observe("writing", report.write_duration);
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

  void Observe(const std::string& phase, absl::Duration duration) {
    runtime_.metrics()
        .AddHistogram("rfm_run_phase_seconds", "How long the phases of RFM runs took.",
                      PhaseSecondsBuckets(), {{"phase", phase}})
        .Observe(absl::ToDoubleSeconds(duration));
  }

  server::ServiceRuntime& runtime_;
};

SegmentationParts PartsOf(server::ServiceRuntime& runtime, const SegmentationConfig& config) {
  const auto reports = std::make_shared<RunReports>(runtime);
  return {.handlers = runtime.handler_parts(),
          .profile_channel = runtime.Connect(config.profile_address),
          .consumer = runtime.consumer_options(),
          .runner = {.holder = runtime.options().replica_name,
                     .load_threads = static_cast<int>(config.rfm_load_threads)},
          .on_consumer_failure =
              [&runtime](const feed::ConsumerFailure& failure) {
                server::LogConsumerFailure(runtime.logger(), failure);
              },
          .on_run_report = [reports](const RunReport& report) { reports->Take(report); }};
}

}  // namespace

server::ServiceDefinition SegmentationDefinition(const SegmentationConfig& config) {
  return {.service = "segmentation",
          .grpc_services = {"clientele.segmentation.v1.RfmService",
                            "clientele.segmentation.v1.AnalyticsService",
                            "clientele.common.v1.EventService"},
          .migrations = SegmentationMigrations(),
          .event_types = {},
          .cache_kinds = {kScoreKind, kLatestRunKind},
          .make_module = [&config](server::ServiceRuntime& runtime) {
            return std::make_unique<SegmentationModule>(PartsOf(runtime, config),
                                                        runtime.pipeline());
          }};
}

}  // namespace clientele::segmentation
