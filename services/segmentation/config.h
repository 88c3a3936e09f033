#ifndef SERVICES_SEGMENTATION_CONFIG_H_
#define SERVICES_SEGMENTATION_CONFIG_H_

// What segmentation can be configured with beside what every service has
// (common/server/server_config.h).

#include <cstdint>
#include <string>

#include "common/config/cgroup.h"
#include "common/config/config_schema.h"

namespace clientele::segmentation {

// Each field is a key, described at AddSegmentationKeys; the values here are the defaults.
struct SegmentationConfig {
  std::string profile_address = "127.0.0.1:7001";
  int64_t rfm_load_threads = 0;
};

// How many threads read the order log for a run, 1..64. Unless the key says so, as many as there
// are processors, since they count what they read; two at least, as each waits for the database now
// and then; and no more than half of the pool's connections (`connections_max`, at least 1), as
// calls need the others.
int LoadThreadsOf(const SegmentationConfig& config, const MachineLimits& limits,
                  int connections_max);

// Adds the keys to `schema`; `config` outlives it.
void AddSegmentationKeys(ConfigSchema& schema, SegmentationConfig& config);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_CONFIG_H_
