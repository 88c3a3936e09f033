#include "services/complaints/domain/priority.h"

#include "common/status/macros.h"

namespace clientele::complaints {

absl::string_view TierName(Tier tier) {
  switch (tier) {
    case Tier::kPlatinum:
      return "PLATINUM";
    case Tier::kGold:
      return "GOLD";
    case Tier::kSilver:
      return "SILVER";
    case Tier::kBase:
      return "BASE";
    case Tier::kNone:
      return "NONE";
    case Tier::kUnknown:
      return "UNKNOWN";
  }
  CLIENTELE_CHECK(false);
}

Tier TierOf(absl::string_view name, int32_t rank) {
  for (const Tier tier : {Tier::kPlatinum, Tier::kGold, Tier::kSilver, Tier::kBase}) {
    if (name == TierName(tier)) {
      return tier;
    }
  }
  if (rank <= 0) {
    return Tier::kBase;
  }
  if (rank == 1) {
    return Tier::kSilver;
  }
  return rank == 2 ? Tier::kGold : Tier::kPlatinum;
}

int PriorityRank(const PriorityInputs& inputs) {
  return (inputs.safety ? 0 : 100) + 10 * inputs.severity + static_cast<int>(inputs.tier);
}

}  // namespace clientele::complaints
