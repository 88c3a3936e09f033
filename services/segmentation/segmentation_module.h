#ifndef SERVICES_SEGMENTATION_SEGMENTATION_MODULE_H_
#define SERVICES_SEGMENTATION_SEGMENTATION_MODULE_H_

// Segmentation as one piece: what a server (clientele-segmentation, or `clientele up` with every
// service in one process) puts together. EventService is the server's own.

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "common/feed/consumer.h"
#include "common/handler/handler_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
#include "common/sql/migration.h"
#include "services/segmentation/jobs/rfm_runner.h"

namespace clientele::segmentation {

// What segmentation works with; the references outlive the module.
struct SegmentationParts {
  HandlerParts handlers;

  // To profile's EventService, from rpc::Connect.
  std::shared_ptr<grpc::Channel> profile_channel;
  feed::ConsumerOptions consumer;  // `source` and `name` are set by the module
  RfmRunnerOptions runner;

  // For logs and metrics; thread-safe, quick, and may be called from the module's threads.
  std::function<void(const feed::ConsumerFailure&)> on_consumer_failure;
  std::function<void(const RunReport&)> on_run_report;
};

// Every migration of segmentation's database, those of the feed and of idempotency included,
// ascending.
std::vector<sql::Migration> SegmentationMigrations();

// Thread-safe after construction.
class SegmentationModule {
 public:
  // `pipeline` outlives the module.
  SegmentationModule(const SegmentationParts& parts, rpc::CallPipeline& pipeline);
  // Stops.
  ~SegmentationModule();
  SegmentationModule(const SegmentationModule&) = delete;
  SegmentationModule& operator=(const SegmentationModule&) = delete;

  // RfmService and AnalyticsService, valid as long as the module.
  std::vector<rpc::ServedService> Services();

  // Begins to follow profile's feed and to work on runs. Once only.
  void Start();

  // Ends both at a safe point; a run under way is taken up at the next start. Blocks, idempotent.
  void Stop();

  // How far the feed of profile has been followed, for EventService, metrics and readiness.
  const feed::ConsumerStatusSource& consumer_status() const;

  // OK when the database answers and the consumer has not given up; else why not. It does not wait
  // for profile: reads work while profile is down.
  absl::Status CheckReady() const;

  // Forgets answers beyond their retention; for the server to call now and then.
  absl::Status Tidy();

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_SEGMENTATION_MODULE_H_
