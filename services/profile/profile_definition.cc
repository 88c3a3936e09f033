#include "services/profile/profile_definition.h"

#include <iterator>
#include <memory>

#include "common/server/service_runtime.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/profile_module.h"

namespace clientele::profile {

server::ServiceDefinition ProfileDefinition() {
  return {.service = "profile",
          .grpc_services = {"clientele.profile.v1.CustomerService",
                            "clientele.profile.v1.PurchaseService",
                            "clientele.common.v1.AuditService", "clientele.common.v1.EventService"},
          .migrations = ProfileMigrations(),
          .event_types = {std::begin(kEventTypes), std::end(kEventTypes)},
          .cache_kinds = {kCustomerKind},
          .seals = true,
          .make_module = [](server::ServiceRuntime& runtime) {
            return std::make_unique<ProfileModule>(runtime.handler_parts(), runtime.pipeline());
          }};
}

}  // namespace clientele::profile
