// clientele-complaints: wiring only.

#include "common/config/config_schema.h"
#include "common/server/server_config.h"
#include "common/server/server_main.h"
#include "services/complaints/complaints_definition.h"
#include "services/complaints/config.h"

int main(int argc, char** argv) {
  using clientele::complaints::kGrpcPort;
  using clientele::complaints::kOpsPort;
  auto server_config = clientele::server::DefaultServerConfig("complaints", kGrpcPort, kOpsPort);
  clientele::complaints::ComplaintsConfig config;
  clientele::ConfigSchema schema("complaints");
  clientele::server::AddServerKeys(schema, server_config);
  clientele::server::AddSealingKeys(schema, server_config);
  clientele::complaints::AddComplaintsKeys(schema, config);
  return clientele::server::RunServerMain(argc, argv, schema, server_config,
                                          clientele::complaints::ComplaintsDefinition(config));
}
