#ifndef SERVICES_LOYALTY_DOMAIN_PROGRAM_H_
#define SERVICES_LOYALTY_DOMAIN_PROGRAM_H_

// The rules of the loyalty program. Versioned: what a version once said it says for ever, and every
// entry and lot names the version that decided. Values and pure functions.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/money/currency.h"

namespace clientele::loyalty {

// The place of a tier in its program, 0 = the lowest, which everybody reaches.
using TierRank = int;

struct Tier {
  std::string name;               // "GOLD"
  int64_t threshold_major_units;  // the net spend from which it is reached
};

// One published version.
struct Program {
  std::string id;
  int64_t version;
  CurrencyCode currency;  // orders in another one earn nothing and count for no tier
  absl::TimeZone zone;    // of every civil day and month below
  int64_t points_per_major_unit;
  int lot_months;              // after earning, a lot expires
  absl::Duration reinstated;   // how long points last that come back to an expired lot
  std::vector<Tier> tiers;     // by rank; thresholds rise from 0
  int64_t spend_window_days;   // civil days of net spend that decide, today included
  int64_t tier_validity_days;  // civil days from the day a tier is reached or renewed

  // How many minor units one major unit has.
  int64_t minor_per_major() const;
  int64_t threshold_minor(TierRank rank) const;
  // The highest tier whose threshold `net_spend_minor` reaches; the lowest one below every one.
  TierRank RankOf(int64_t net_spend_minor) const;
  TierRank top_rank() const { return static_cast<TierRank>(tiers.size()) - 1; }
};

// Version 1 of the program "default": 1 point per whole major unit, lots last 24 months, tiers
// BASE, SILVER, GOLD and PLATINUM from 0, 1,000, 5,000 and 20,000 major units.
Program DefaultProgram(CurrencyCode currency, absl::TimeZone zone);

// The same time of day `months` calendar months later in `zone`, on the last day of the month where
// the month has no such day. `months` > 0.
absl::Time AddMonths(absl::Time time, int months, absl::TimeZone zone);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_PROGRAM_H_
