#ifndef SERVICES_PROFILE_PROFILE_DEFINITION_H_
#define SERVICES_PROFILE_PROFILE_DEFINITION_H_

// Profile as a server process sees it.

#include "common/server/service_module.h"

namespace clientele::profile {

inline constexpr int kGrpcPort = 7001;
inline constexpr int kOpsPort = 9001;

// Everything clientele-profile and `clientele up` need to serve profile.
server::ServiceDefinition ProfileDefinition();

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_PROFILE_DEFINITION_H_
