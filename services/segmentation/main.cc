// clientele-segmentation: wiring only.

#include "common/config/config_schema.h"
#include "common/server/server_config.h"
#include "common/server/server_main.h"
#include "services/segmentation/config.h"
#include "services/segmentation/segmentation_definition.h"

int main(int argc, char** argv) {
  using clientele::segmentation::kGrpcPort;
  using clientele::segmentation::kOpsPort;
  auto server_config = clientele::server::DefaultServerConfig("segmentation", kGrpcPort, kOpsPort);
  clientele::segmentation::SegmentationConfig config;
  clientele::ConfigSchema schema("segmentation");
  clientele::server::AddServerKeys(schema, server_config);
  clientele::segmentation::AddSegmentationKeys(schema, config);
  return clientele::server::RunServerMain(argc, argv, schema, server_config,
                                          clientele::segmentation::SegmentationDefinition(config));
}
