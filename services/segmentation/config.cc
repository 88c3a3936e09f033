#include "services/segmentation/config.h"

#include <algorithm>

namespace clientele::segmentation {
namespace {

constexpr int kLoadThreadsMax = 64;

}  // namespace

int LoadThreadsOf(const SegmentationConfig& config, const MachineLimits& limits,
                  int connections_max) {
  if (config.rfm_load_threads > 0) {
    return static_cast<int>(config.rfm_load_threads);
  }
  const int threads_max = std::clamp(connections_max / 2, 1, kLoadThreadsMax);
  return std::min(std::max(limits.cpu_count, 2), threads_max);
}

void AddSegmentationKeys(ConfigSchema& schema, SegmentationConfig& config) {
  schema.Add("profile.address", &config.profile_address,
             TextKey{.doc = "Where profile serves its feed, host:port.", .allowed = {}});
  schema.Add("rfm.load_threads", &config.rfm_load_threads,
             IntegerKey{.doc = "Threads that read the order log for a run; each takes a reading "
                               "connection, so leave some to the calls. 0 = as many as the "
                               "processors that the process may use, 2 at least and half of the "
                               "connections at most.",
                        .min = 0,
                        .max = kLoadThreadsMax,
                        .unit = "threads"});
}

}  // namespace clientele::segmentation
