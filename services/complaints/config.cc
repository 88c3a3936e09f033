#include "services/complaints/config.h"

namespace clientele::complaints {

void AddComplaintsKeys(ConfigSchema& schema, ComplaintsConfig& config) {
  schema.Add(
      "profile.address", &config.profile_address,
      TextKey{.doc = "Where profile says whether customers exist, host:port.", .allowed = {}});
  schema.Add(
      "loyalty.address", &config.loyalty_address,
      TextKey{.doc = "Where loyalty says tiers, gives points and serves its feed, host:port.",
              .allowed = {}});
}

}  // namespace clientele::complaints
