#include "services/complaints/complaints_module.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/limits.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/complaints/api/complaint_service.h"
#include "services/complaints/jobs/job_thread.h"
#include "services/complaints/jobs/tier_consumer.h"
#include "services/complaints/store/schema.h"
#include "services/complaints/store/sql_clear_texts.h"
#include "services/complaints/store/work_store.h"

namespace clientele::complaints {

// In the order in which they need each other.
struct ComplaintsModule::State {
  State(const ComplaintsParts& parts, rpc::CallPipeline& pipeline)
      : api(parts.handlers, parts.channels, parts.on_event),
        executor(parts.executor, api, parts.on_job_failure),
        repair(parts.repair, api, parts.on_job_failure),
        upkeep(parts.handlers.database, *api.vault, kTextColumns, LockCustomers,
               parts.handlers.record_clock),
        on_pending(parts.on_pending),
        on_open_counts(parts.on_open_counts),
        executor_thread([this] { return executor.RunDue(); }),
        repair_thread([this] { return RunRepair(); }),
        complaints(pipeline, api),
        tier_consumer(api),
        consumer({kLoyaltyFeed, parts.channels.loyalty, "complaints"}, parts.consumer,
                 parts.handlers.database, tier_consumer, parts.handlers.record_clock,
                 parts.on_consumer_failure) {
    api.give_now = [this](const RemedyKey& key, const rpc::CallOptions& options) {
      if (options.deadline > absl::Now() + rpc::kWriteTimeMin) {
        executor.Attempt(key, options);
      }
      executor_thread.Poke();
    };
  }

  absl::Duration RunRepair() {
    const absl::Duration wait = repair.RunRound();
    const auto pending = sql::ReadIn(api.database, sql::BackgroundTx(), CountPending);
    if (pending.ok()) {
      on_pending(*pending);
    }
    return wait;
  }

  ApiContext api;
  RemedyExecutor executor;
  CustomerRepair repair;  // by its thread only
  sealing::Upkeep upkeep;
  const std::function<void(const PendingCounts&)> on_pending;
  const std::function<void(const std::map<ComplaintState, int64_t>&)> on_open_counts;
  JobThread executor_thread;
  JobThread repair_thread;
  ComplaintGrpcService complaints;
  TierConsumer tier_consumer;
  feed::Consumer consumer;
};

std::vector<sql::Migration> ComplaintsMigrations() { return SchemaMigrations(); }

ComplaintsModule::ComplaintsModule(const ComplaintsParts& parts, rpc::CallPipeline& pipeline)
    : state_(std::make_unique<State>(parts, pipeline)) {}

ComplaintsModule::~ComplaintsModule() { Stop(); }

std::vector<rpc::ServedService> ComplaintsModule::Services() {
  return {{"clientele.complaints.v1.ComplaintService", state_->complaints}};
}

std::vector<const feed::ConsumerStatusSource*> ComplaintsModule::Consumers() {
  return {&state_->consumer};
}

void ComplaintsModule::Start() {
  state_->consumer.Start();
  state_->executor_thread.Start();
  state_->repair_thread.Start();
}

void ComplaintsModule::Stop() {
  state_->consumer.Stop();
  state_->executor_thread.Stop();
  state_->repair_thread.Stop();
}

absl::Status ComplaintsModule::Measure() {
  CLIENTELE_ASSIGN_OR_RETURN(
      const auto open_counts,
      sql::ReadIn(state_->api.database, sql::BackgroundTx(), CountOpenByState));
  state_->on_open_counts(open_counts);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> ComplaintsModule::Tidy() { return DeleteExpiredAnswers(state_->api); }

absl::StatusOr<bool> ComplaintsModule::Seal() { return state_->upkeep.RunPart(); }

}  // namespace clientele::complaints
