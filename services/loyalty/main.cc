// clientele-loyalty: wiring only.

#include "common/config/config_schema.h"
#include "common/server/server_config.h"
#include "common/server/server_main.h"
#include "services/loyalty/config.h"
#include "services/loyalty/loyalty_definition.h"

int main(int argc, char** argv) {
  using clientele::loyalty::kGrpcPort;
  using clientele::loyalty::kOpsPort;
  auto server_config = clientele::server::DefaultServerConfig("loyalty", kGrpcPort, kOpsPort);
  clientele::loyalty::LoyaltyConfig config;
  clientele::ConfigSchema schema("loyalty");
  clientele::server::AddServerKeys(schema, server_config);
  clientele::loyalty::AddLoyaltyKeys(schema, config);
  return clientele::server::RunServerMain(argc, argv, schema, server_config,
                                          clientele::loyalty::LoyaltyDefinition(config));
}
