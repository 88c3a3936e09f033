#ifndef SERVICES_SEGMENTATION_SEGMENTATION_DEFINITION_H_
#define SERVICES_SEGMENTATION_SEGMENTATION_DEFINITION_H_

// Segmentation as a server process sees it.

#include "common/server/service_module.h"
#include "services/segmentation/config.h"

namespace clientele::segmentation {

inline constexpr int kGrpcPort = 7002;
inline constexpr int kOpsPort = 9002;

// Everything clientele-segmentation and `clientele up` need to serve segmentation. `config` is read
// when the module is made and must live until then. `config` is read
// when the module is made.
server::ServiceDefinition SegmentationDefinition(const SegmentationConfig& config);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_SEGMENTATION_DEFINITION_H_
