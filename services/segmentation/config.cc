#include "services/segmentation/config.h"

namespace clientele::segmentation {

void AddSegmentationKeys(ConfigSchema& schema, SegmentationConfig& config) {
  schema.Add("profile.address", &config.profile_address,
             TextKey{.doc = "Where profile serves its feed, host:port.", .allowed = {}});
  schema.Add("rfm.load_threads", &config.rfm_load_threads,
             IntegerKey{.doc = "Threads that read the order log for a run; each takes a reading "
                               "connection, so leave some to the calls.",
                        .min = 1,
                        .max = 64,
                        .unit = "threads"});
}

}  // namespace clientele::segmentation
