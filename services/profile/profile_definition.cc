#include "services/profile/profile_definition.h"

#include <iterator>
#include <memory>
#include <vector>

#include "common/server/service_runtime.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/profile_module.h"

namespace clientele::profile {
namespace {

class Module final : public server::ServiceModule {
 public:
  explicit Module(server::ServiceRuntime& runtime)
      : module_(runtime.handler_parts(), runtime.pipeline()) {}

  std::vector<rpc::ServedService> Services() override { return module_.Services(); }
  std::vector<const feed::ConsumerStatusSource*> Consumers() override { return {}; }
  void Start() override {}
  void Stop() override {}
  absl::Status CheckReady() const override { return absl::OkStatus(); }
  absl::Status Tidy() override { return module_.Tidy(); }

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
