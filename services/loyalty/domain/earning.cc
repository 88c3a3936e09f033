#include "services/loyalty/domain/earning.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {

const char* EarningOutcomeName(EarningOutcome outcome) {
  switch (outcome) {
    case EarningOutcome::kEarned:
      return "EARNED";
    case EarningOutcome::kBelowOnePoint:
      return "BELOW_ONE_POINT";
    case EarningOutcome::kOtherCurrency:
      return "OTHER_CURRENCY";
    case EarningOutcome::kPointsLimit:
      return "POINTS_LIMIT";
  }
  return "UNKNOWN";
}

EarnedPoints PointsFor(const Program& program, absl::string_view currency_code, int64_t gross_minor,
                       int64_t balance_max) {
  if (currency_code != program.currency.ToString()) {
    return {EarningOutcome::kOtherCurrency, 0};
  }
  const absl::int128 points =
      absl::int128(gross_minor / program.minor_per_major()) * program.points_per_major_unit;
  if (points <= 0) {
    return {EarningOutcome::kBelowOnePoint, 0};
  }
  if (points + balance_max > kPointsMax) {
    return {EarningOutcome::kPointsLimit, 0};
  }
  return {EarningOutcome::kEarned, static_cast<int64_t>(points)};
}

int64_t ReversedInAll(const Earning& earning, int64_t refunded_minor) {
  if (earning.gross_minor <= 0) {
    return 0;
  }
  const int64_t counted = std::clamp<int64_t>(refunded_minor, 0, earning.gross_minor);
  return static_cast<int64_t>(absl::int128(earning.points) * counted / earning.gross_minor);
}

}  // namespace clientele::loyalty
