#include "services/profile/profile_definition.h"

#include <iterator>
#include <memory>
#include <vector>

#include "common/server/service_runtime.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/profile_module.h"

namespace clientele::profile {
namespace {

// Answers one call of Tidy deletes at most in one transaction, and transactions it makes.
constexpr int64_t kTidyBatch = 1000;
constexpr int kTidyBatchesMax = 100;

class Module final : public server::ServiceModule {
 public:
  explicit Module(server::ServiceRuntime& runtime)
      : module_({.database = runtime.database(),
                 .business_clock = runtime.process().business_clock,
                 .record_clock = runtime.process().system_clock,
                 .ids = runtime.process().uuids,
                 .key = runtime.process().key,
                 .idempotency_retention = runtime.options().idempotency_retention,
                 .poke_outbox = [&runtime] { runtime.PokeOutbox(); }},
                runtime.pipeline()) {}

  std::vector<rpc::ServedService> Services() override { return module_.Services(); }
  std::vector<const feed::ConsumerStatusSource*> Consumers() override { return {}; }
  void Start() override {}
  void Stop() override {}
  absl::Status CheckReady() const override { return absl::OkStatus(); }

  absl::Status Tidy() override {
    for (int i = 0; i < kTidyBatchesMax; ++i) {
      CLIENTELE_ASSIGN_OR_RETURN(const int64_t deleted, module_.DeleteExpiredAnswers(kTidyBatch));
      if (deleted < kTidyBatch) {
        break;
      }
    }
    return absl::OkStatus();
  }

 private:
  ProfileModule module_;
};

}  // namespace

server::ServiceDefinition ProfileDefinition() {
  return {
      .service = "profile",
      .grpc_services = {"clientele.profile.v1.CustomerService",
                        "clientele.profile.v1.PurchaseService", "clientele.common.v1.EventService"},
      .migrations = ProfileMigrations(),
      .event_types = {std::begin(kEventTypes), std::end(kEventTypes)},
      .make_module = [](server::ServiceRuntime& runtime) {
        return std::make_unique<Module>(runtime);
      }};
}

}  // namespace clientele::profile
