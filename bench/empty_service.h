#ifndef BENCH_EMPTY_SERVICE_H_
#define BENCH_EMPTY_SERVICE_H_

// A service of the suite whose one method does nothing: what every call costs.

#include "common/server/service_module.h"

namespace clientele::bench {

// For LoopbackServer: clientele.bench.v1.EmptyService, answered at once like a cached read, beside
// what every service has.
server::ServiceDefinition EmptyDefinition();

}  // namespace clientele::bench

#endif  // BENCH_EMPTY_SERVICE_H_
