#ifndef SERVICES_LOYALTY_DOMAIN_TIER_H_
#define SERVICES_LOYALTY_DOMAIN_TIER_H_

// Which tier a member has. A pure function of what was spent and given back, and when: the order in
// which purchases and refunds arrived does not matter.
//
// Spend is the net of the last spend_window_days civil days, the day of the instant included. A
// purchase counts on the day of its occur_time, a refund is taken from the day of its purchase,
// from the refund's occur_time on. Whenever the spend reaches a higher tier, that one holds at
// once. A tier is kept for tier_validity_days civil days, the day it was reached included; at the
// midnight after them the spend of the window then decides: the same tier (renewed) or a lower one.

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "services/loyalty/domain/event.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// A purchase (> 0) or what came back of one (< 0).
struct SpendEntry {
  absl::Time effective_time;  // from when it counts
  int64_t purchase_day = 0;   // DayNumber in the program's zone of the purchase; not after
                              // effective_time
  int64_t amount_minor = 0;
};

struct TierStep {
  absl::Time occur_time;
  TierChangeReason reason;
  TierRank previous_rank;
  TierRank rank;
  std::optional<absl::Time> valid_until;  // unset = the lowest tier, never lost
  int64_t net_spend_minor;                // of the window that decided
};

struct TierStanding {
  TierRank rank = 0;
  absl::Time reach_time;  // of the last change of rank, or the enrolment
  std::optional<absl::Time> valid_until;
  int64_t net_spend_minor = 0;   // of the window that ends with the day of `now`
  int64_t kept_spend_minor = 0;  // of what is spent now, what still counts at valid_until
  std::vector<TierStep> steps;   // oldest first
  // When time alone changes something: the end of the validity, or an entry that is not effective
  // yet; InfiniteFuture = never.
  absl::Time next_change_time = absl::InfiniteFuture();
};

// The standing at `now`. Entries may come in any order; those effective after `now` do not count.
TierStanding ComputeTier(const Program& program, absl::Time enroll_time,
                         std::vector<SpendEntry> entries, absl::Time now);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_TIER_H_
