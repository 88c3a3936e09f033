#include "services/profile/profile_module.h"

#include "services/profile/api/customer_service.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/api/handlers/past_event_exporter.h"
#include "services/profile/api/purchase_service.h"
#include "services/profile/store/schema.h"

namespace clientele::profile {

// In the order in which they need each other.
struct ProfileModule::State {
  State(const HandlerParts& parts, rpc::CallPipeline& pipeline)
      : api(parts), customers(pipeline, api), purchases(pipeline, api) {}

  const ApiContext api;
  CustomerGrpcService customers;
  PurchaseGrpcService purchases;
  const PastEventExporter exporter;
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

absl::Status ProfileModule::Tidy() { return DeleteExpiredAnswers(state_->api); }

}  // namespace clientele::profile
