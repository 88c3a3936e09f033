#ifndef SERVICES_SEGMENTATION_SEGMENTATION_MODULE_H_
#define SERVICES_SEGMENTATION_SEGMENTATION_MODULE_H_

// Segmentation as one piece: what a server (clientele-segmentation, or `clientele up` with every
// service in one process) puts together. EventService is the server's own.

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "clientele/segmentation/v1/rfm_run.pb.h"
#include "common/feed/consumer.h"
#include "common/handler/handler_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
#include "common/server/service_module.h"
#include "common/sql/migration.h"
#include "services/segmentation/jobs/rfm_runner.h"

namespace clientele::segmentation {

// What segmentation works with; the references outlive the module.
struct SegmentationParts {
  HandlerParts handlers;

  // To profile's EventService, from rpc::Connect.
  std::shared_ptr<grpc::Channel> profile_channel;
  feed::ConsumerOptions consumer;
  RfmRunnerOptions runner;

  // For logs and metrics; thread-safe, quick, and may be called from the module's threads.
  std::function<void(const feed::ConsumerFailure&)> on_consumer_failure;
  std::function<void(const RunReport&)> on_run_report;
  // By Measure, when a run has succeeded: what the latest one found, whoever did it.
  std::function<void(const v1::RfmRun&)> on_latest_run;
};

// Every migration of segmentation's database, those of the feed and of idempotency included,
// ascending.
std::vector<sql::Migration> SegmentationMigrations();

// Serves RfmService and AnalyticsService, follows profile's feed and works on runs. It serves while
// profile is away; a run that Stop interrupts is taken up at the next start. Thread-safe after
// construction.
class SegmentationModule final : public server::ServiceModule {
 public:
  // `pipeline` outlives the module.
  SegmentationModule(const SegmentationParts& parts, rpc::CallPipeline& pipeline);
  // Stops.
  ~SegmentationModule() override;

  std::vector<rpc::ServedService> Services() override;
  std::vector<const feed::ConsumerStatusSource*> Consumers() override;
  void Start() override;
  void Stop() override;
  // Tells on_latest_run.
  absl::Status Measure() override;
  // Forgets answers beyond their retention.
  absl::StatusOr<int64_t> Tidy() override;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_SEGMENTATION_MODULE_H_
