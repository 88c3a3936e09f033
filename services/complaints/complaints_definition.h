#ifndef SERVICES_COMPLAINTS_COMPLAINTS_DEFINITION_H_
#define SERVICES_COMPLAINTS_COMPLAINTS_DEFINITION_H_

// Complaints as a server process sees it.

#include "common/server/service_module.h"
#include "services/complaints/config.h"

namespace clientele::complaints {

inline constexpr int kGrpcPort = 7004;
inline constexpr int kOpsPort = 9004;

// Everything clientele-complaints and `clientele up` need to serve complaints. `config` is read
// when the module is made and must live until then.
server::ServiceDefinition ComplaintsDefinition(const ComplaintsConfig& config);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_COMPLAINTS_DEFINITION_H_
