#include "services/profile/profile_module.h"

#include "common/sealing/upkeep.h"
#include "services/profile/api/customer_service.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/api/handlers/past_event_exporter.h"
#include "services/profile/api/purchase_service.h"
#include "services/profile/store/schema.h"
#include "services/profile/store/sql_clear_texts.h"

namespace clientele::profile {

// In the order in which they need each other.
struct ProfileModule::State {
  State(const HandlerParts& parts, rpc::CallPipeline& pipeline)
      : api(parts),
        customers(pipeline, api),
        purchases(pipeline, api),
        upkeep(parts.database, *api.vault, kTextColumns, LockCustomers, parts.record_clock) {}

  const ApiContext api;
  CustomerGrpcService customers;
  PurchaseGrpcService purchases;
  const PastEventExporter exporter;
  sealing::Upkeep upkeep;
};

std::vector<sql::Migration> ProfileMigrations() { return SchemaMigrations(); }

ProfileModule::ProfileModule(const HandlerParts& parts, rpc::CallPipeline& pipeline)
    : state_(std::make_unique<State>(parts, pipeline)) {}

ProfileModule::~ProfileModule() = default;

std::vector<rpc::ServedService> ProfileModule::Services() {
  return {{"clientele.profile.v1.CustomerService", state_->customers},
          {"clientele.profile.v1.PurchaseService", state_->purchases}};
}

const feed::EventExporter* ProfileModule::Exporter() { return &state_->exporter; }

absl::StatusOr<bool> ProfileModule::Seal() { return state_->upkeep.RunPart(); }

absl::StatusOr<int64_t> ProfileModule::Tidy() { return DeleteExpiredAnswers(state_->api); }

}  // namespace clientele::profile
