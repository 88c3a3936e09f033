#ifndef SERVICES_LOYALTY_API_CONVERTERS_TIER_PROTO_H_
#define SERVICES_LOYALTY_API_CONVERTERS_TIER_PROTO_H_

// Tiers as their messages. Pure functions.

#include "absl/time/time.h"
#include "clientele/loyalty/v1/tier.pb.h"
#include "services/loyalty/domain/ledger.h"
#include "services/loyalty/domain/program.h"
#include "services/loyalty/domain/tier.h"

namespace clientele::loyalty {

// A member's standing at an instant.
struct MemberStanding {
  Member member;
  TierStanding standing;
  absl::Time now;
};

v1::MemberTier ToProto(const Program& program, const MemberStanding& member);

v1::TierChange ToProto(const Program& program, const TierStep& step);

v1::TierExplanation ExplainTier(const Program& program, const MemberStanding& member);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_CONVERTERS_TIER_PROTO_H_
