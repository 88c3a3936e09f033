#include "services/segmentation/segmentation_module.h"

#include <string>
#include <utility>

#include "common/idempotency/idempotency_store.h"
#include "common/pagination/page_token.h"
#include "services/segmentation/api/analytics_service.h"
#include "services/segmentation/api/handlers/api_context.h"
#include "services/segmentation/api/rfm_service.h"
#include "services/segmentation/jobs/order_log_consumer.h"
#include "services/segmentation/store/run_board.h"
#include "services/segmentation/store/schema.h"
#include "services/segmentation/store/transaction.h"

namespace clientele::segmentation {
namespace {

feed::ConsumerOptions OfProfile(feed::ConsumerOptions options) {
  options.source = kProfileFeed;
  return options;
}

}  // namespace

// In the order in which they need each other.
struct SegmentationModule::State {
  State(const SegmentationParts& parts, rpc::CallPipeline& pipeline)
      : idempotency(std::string(parts.key.Derive("segmentation.idempotency").bytes()),
                    parts.idempotency_retention),
        page_tokens(parts.key),
        runner(parts.runner, parts.database, parts.record_clock, board, parts.on_run_report),
        api{.database = parts.database,
            .business_clock = parts.business_clock,
            .record_clock = parts.record_clock,
            .ids = parts.ids,
            .idempotency = idempotency,
            .page_tokens = page_tokens,
            .board = board,
            .poke_runner = [this] { runner.Poke(); }},
        rfm(pipeline, api),
        analytics(pipeline, api),
        consumer(OfProfile(parts.consumer), parts.profile_channel, parts.database,
                 order_log_consumer, parts.record_clock, parts.on_consumer_failure) {}

  const IdempotencyStore idempotency;
  const PageTokenCodec page_tokens;
  RunBoard board;
  RfmRunner runner;
  const ApiContext api;
  RfmGrpcService rfm;
  AnalyticsGrpcService analytics;
  OrderLogConsumer order_log_consumer;
  feed::Consumer consumer;
};

std::vector<sql::Migration> SegmentationMigrations() { return SchemaMigrations(); }

SegmentationModule::SegmentationModule(const SegmentationParts& parts, rpc::CallPipeline& pipeline)
    : state_(std::make_unique<State>(parts, pipeline)) {}

SegmentationModule::~SegmentationModule() { Stop(); }

std::vector<rpc::ServedService> SegmentationModule::Services() {
  return {{"clientele.segmentation.v1.RfmService", state_->rfm},
          {"clientele.segmentation.v1.AnalyticsService", state_->analytics}};
}

void SegmentationModule::Start() {
  state_->consumer.Start();
  state_->runner.Start();
}

void SegmentationModule::Stop() {
  state_->consumer.Stop();
  state_->runner.Stop();
}

const feed::ConsumerStatusSource& SegmentationModule::consumer_status() const {
  return state_->consumer;
}

absl::Status SegmentationModule::CheckReady() const {
  const feed::ConsumerStatus status = state_->consumer.Status();
  return status.state == feed::ConsumerState::kFailed ? status.error : state_->api.database.Ping();
}

absl::StatusOr<int64_t> SegmentationModule::DeleteExpiredAnswers(int64_t limit) {
  const ApiContext& api = state_->api;
  return WriteIn(api.database, {}, [&](sql::Tx& tx) {
    return api.idempotency.DeleteExpired(tx, api.RecordNow(), limit);
  });
}

}  // namespace clientele::segmentation
