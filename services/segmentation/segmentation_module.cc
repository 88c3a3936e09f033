#include "services/segmentation/segmentation_module.h"

#include <optional>

#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/segmentation/api/analytics_service.h"
#include "services/segmentation/api/converters/run_converter.h"
#include "services/segmentation/api/handlers/api_context.h"
#include "services/segmentation/api/handlers/latest_run.h"
#include "services/segmentation/api/rfm_service.h"
#include "services/segmentation/jobs/order_log_consumer.h"
#include "services/segmentation/store/rfm_run_store.h"
#include "services/segmentation/store/run_board.h"
#include "services/segmentation/store/schema.h"

namespace clientele::segmentation {

// In the order in which they need each other.
struct SegmentationModule::State {
  State(const SegmentationParts& parts, rpc::CallPipeline& pipeline)
      : runner(parts.runner, parts.handlers.database, parts.handlers.record_clock, board,
               [this, tell = parts.on_run_report](const RunReport& report) {
                 if (report.state == RunState::kSucceeded) {
                   OutdateLatestRun(api, report.run_no);
                 }
                 tell(report);
               }),
        api(parts.handlers, board, [this] { runner.Poke(); }),
        rfm(pipeline, api),
        analytics(pipeline, api),
        consumer({kProfileFeed, parts.profile_channel, "segmentation"}, parts.consumer,
                 parts.handlers.database, order_log_consumer, parts.handlers.record_clock,
                 parts.on_consumer_failure),
        on_latest_run(parts.on_latest_run) {}

  RunBoard board;
  RfmRunner runner;
  const ApiContext api;
  RfmGrpcService rfm;
  AnalyticsGrpcService analytics;
  OrderLogConsumer order_log_consumer;
  feed::Consumer consumer;
  const std::function<void(const v1::RfmRun&)> on_latest_run;
};

std::vector<sql::Migration> SegmentationMigrations() { return SchemaMigrations(); }

SegmentationModule::SegmentationModule(const SegmentationParts& parts, rpc::CallPipeline& pipeline)
    : state_(std::make_unique<State>(parts, pipeline)) {}

SegmentationModule::~SegmentationModule() { Stop(); }

std::vector<rpc::ServedService> SegmentationModule::Services() {
  return {{"clientele.segmentation.v1.RfmService", state_->rfm},
          {"clientele.segmentation.v1.AnalyticsService", state_->analytics}};
}

std::vector<const feed::ConsumerStatusSource*> SegmentationModule::Consumers() {
  return {&state_->consumer};
}

void SegmentationModule::Start() {
  state_->consumer.Start();
  state_->runner.Start();
}

void SegmentationModule::Stop() {
  state_->consumer.Stop();
  state_->runner.Stop();
}

absl::Status SegmentationModule::Measure() {
  CLIENTELE_ASSIGN_OR_RETURN(
      const std::optional<RunRecord> latest,
      sql::ReadIn(state_->api.database, sql::BackgroundTx(), FindLatestSucceededRun));
  if (latest.has_value()) {
    CLIENTELE_ASSIGN_OR_RETURN(const v1::RfmRun run,
                               ToProto(*latest, std::nullopt, RunView::kFull));
    state_->on_latest_run(run);
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SegmentationModule::Tidy() { return DeleteExpiredAnswers(state_->api); }

}  // namespace clientele::segmentation
