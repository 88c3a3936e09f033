#include "services/loyalty/domain/program.h"

#include <algorithm>

#include "common/money/money.h"

namespace clientele::loyalty {

int64_t Program::minor_per_major() const {
  int64_t minor = 1;
  for (int digit = 0; digit < MinorUnitDigits(currency); ++digit) {
    minor *= 10;
  }
  return minor;
}

int64_t Program::threshold_minor(TierRank rank) const {
  // A threshold beyond what an amount can be is never reached.
  return MultiplyMinor(tiers[rank].threshold_major_units, minor_per_major())
      .value_or(kAmountMinorMax);
}

TierRank Program::RankOf(int64_t net_spend_minor) const {
  TierRank rank = 0;
  while (rank < top_rank() && threshold_minor(rank + 1) <= net_spend_minor) {
    ++rank;
  }
  return rank;
}

Program DefaultProgram(CurrencyCode currency, absl::TimeZone zone) {
  return {.id = "default",
          .version = 1,
          .currency = currency,
          .zone = zone,
          .points_per_major_unit = 1,
          .lot_months = 24,
          .reinstated = absl::Hours(24) * 30,
          .tiers = {{"BASE", 0}, {"SILVER", 1'000}, {"GOLD", 5'000}, {"PLATINUM", 20'000}},
          .spend_window_days = 365,
          .tier_validity_days = 365};
}

absl::Time AddMonths(absl::Time time, int months, absl::TimeZone zone) {
  const absl::TimeZone::CivilInfo info = zone.At(time);
  const absl::CivilMonth month = absl::CivilMonth(info.cs) + months;
  const absl::CivilDay last_day = absl::CivilDay(month + 1) - 1;
  const int day = std::min(info.cs.day(), last_day.day());
  const absl::CivilSecond second(month.year(), month.month(), day, info.cs.hour(), info.cs.minute(),
                                 info.cs.second());
  // A local time that a clock change skips means the instant after the change.
  return absl::FromCivil(second, zone) + info.subsecond;
}

}  // namespace clientele::loyalty
