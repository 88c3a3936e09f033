#ifndef SERVICES_LOYALTY_LOYALTY_DEFINITION_H_
#define SERVICES_LOYALTY_LOYALTY_DEFINITION_H_

// Loyalty as a server process sees it.

#include "common/server/service_module.h"
#include "services/loyalty/config.h"

namespace clientele::loyalty {

inline constexpr int kGrpcPort = 7003;
inline constexpr int kOpsPort = 9003;

// Everything clientele-loyalty and `clientele up` need to serve loyalty. `config` is read when the
// module is made and must live until then; its currency must be one (CHECK).
server::ServiceDefinition LoyaltyDefinition(const LoyaltyConfig& config);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_LOYALTY_DEFINITION_H_
