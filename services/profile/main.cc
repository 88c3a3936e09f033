// clientele-profile: wiring only.

#include "common/config/config_schema.h"
#include "common/server/server_config.h"
#include "common/server/server_main.h"
#include "services/profile/profile_definition.h"

int main(int argc, char** argv) {
  using clientele::profile::kGrpcPort;
  using clientele::profile::kOpsPort;
  auto config = clientele::server::DefaultServerConfig("profile", kGrpcPort, kOpsPort);
  clientele::ConfigSchema schema("profile");
  clientele::server::AddServerKeys(schema, config);
  clientele::server::AddSealingKeys(schema, config);
  return clientele::server::RunServerMain(argc, argv, schema, config,
                                          clientele::profile::ProfileDefinition());
}
