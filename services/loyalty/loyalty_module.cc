#include "services/loyalty/loyalty_module.h"

#include "common/feed/consumer_positions.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/tier_exporter.h"
#include "services/loyalty/api/ledger_service.h"
#include "services/loyalty/api/member_service.h"
#include "services/loyalty/jobs/due_sweep.h"
#include "services/loyalty/jobs/feed_horizon.h"
#include "services/loyalty/store/program_store.h"
#include "services/loyalty/store/schema.h"

namespace clientele::loyalty {

// In the order in which they need each other.
struct LoyaltyModule::State {
  State(const LoyaltyParts& parts, rpc::CallPipeline& pipeline)
      : api(parts.handlers, parts.program),
        ledger(pipeline, api),
        members(pipeline, api),
        exporter(api.configured_program),
        check(parts.handlers.database, parts.consumer.holder, parts.handlers.record_clock),
        purchases(api, parts.on_other_currency),
        consumer({kProfileFeed, parts.profile_channel, "loyalty"}, parts.consumer,
                 parts.handlers.database, purchases, parts.handlers.record_clock,
                 parts.on_consumer_failure),
        horizon(parts.profile_channel, parts.handlers.database, parts.handlers.record_clock) {}

  const ApiContext api;
  LedgerGrpcService ledger;
  MemberGrpcService members;
  const TierExporter exporter;
  LedgerCheck check;
  PurchaseConsumer purchases;
  feed::Consumer consumer;
  FeedHorizon horizon;
};

std::vector<sql::Migration> LoyaltyMigrations() { return SchemaMigrations(); }

LoyaltyModule::LoyaltyModule(const LoyaltyParts& parts, rpc::CallPipeline& pipeline)
    : state_(std::make_unique<State>(parts, pipeline)) {}

LoyaltyModule::~LoyaltyModule() { Stop(); }

std::vector<rpc::ServedService> LoyaltyModule::Services() {
  return {{"clientele.loyalty.v1.LedgerService", state_->ledger},
          {"clientele.loyalty.v1.MemberService", state_->members}};
}

std::vector<const feed::ConsumerStatusSource*> LoyaltyModule::Consumers() {
  return {&state_->consumer};
}

const feed::EventExporter* LoyaltyModule::Exporter() { return &state_->exporter; }

void LoyaltyModule::Start() { state_->consumer.Start(); }

void LoyaltyModule::Stop() { state_->consumer.Stop(); }

absl::StatusOr<CurrencyCode> LoyaltyModule::ProgramCurrency() {
  CLIENTELE_ASSIGN_OR_RETURN(
      const Program program,
      sql::ReadIn(state_->api.database, sql::BackgroundTx(),
                  [this](sql::Tx& tx) { return LoadProgram(tx, state_->api.configured_program); }));
  return program.currency;
}

absl::Status LoyaltyModule::SweepDue(absl::FunctionRef<void(int64_t)> on_swept) {
  // What an export has not told yet comes before what is due.
  CLIENTELE_ASSIGN_OR_RETURN(
      const bool is_in_export,
      sql::ReadIn(state_->api.database, sql::BackgroundTx(),
                  [](sql::Tx& tx) { return feed::IsInExport(tx, kProfileFeed); }));
  if (is_in_export) {
    return absl::OkStatus();
  }
  if (state_->consumer.Status().partitions.none()) {
    return absl::OkStatus();  // whoever consumes sweeps
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<absl::Time> horizon, state_->horizon.Read());
  if (!horizon.has_value()) {
    return absl::OkStatus();
  }
  // Business time may be another one, and goes as fast.
  const absl::Time business_now = state_->api.BusinessNow();
  return SweepDueMembers(state_->api, business_now - (state_->api.RecordNow() - *horizon),
                         on_swept);
}

LedgerCheck& LoyaltyModule::ledger_check() { return state_->check; }

}  // namespace clientele::loyalty
