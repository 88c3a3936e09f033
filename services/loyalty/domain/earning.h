#ifndef SERVICES_LOYALTY_DOMAIN_EARNING_H_
#define SERVICES_LOYALTY_DOMAIN_EARNING_H_

// What a purchase earns and what its refunds take back. Values and pure functions.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/loyalty/domain/ids.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// Why a purchase earned what it earned. Stored: the numbers never change.
enum class EarningOutcome {
  kEarned = 1,
  kBelowOnePoint = 2,  // less than one whole major unit
  kOtherCurrency = 3,  // not the program's currency
  kPointsLimit = 4,    // a sum of the member would exceed kPointsMax
};

// "OTHER_CURRENCY".
const char* EarningOutcomeName(EarningOutcome outcome);

// One purchase of a member; there is one for every purchase that arrived, also when it earned
// nothing.
struct Earning {
  PurchaseId purchase_id;
  absl::Time occur_time;
  std::string currency_code;
  int64_t gross_minor = 0;
  int64_t refunded_minor = 0;  // what came back so far, 0..gross_minor
  EarningOutcome outcome = EarningOutcome::kEarned;
  int64_t points = 0;           // as earned
  int64_t reversed_points = 0;  // taken back so far
  int64_t lot_seq = 0;          // of its entry and lot; 0 = it earned nothing
  int64_t program_version = 0;
};

// Something of a purchase that came back. A cancellation is a refund of all that is left, with an
// empty number.
struct EarningRefund {
  PurchaseId purchase_id;
  std::string refund_number;
  absl::Time occur_time;
  int64_t amount_minor = 0;
};

struct EarnedPoints {
  EarningOutcome outcome;
  int64_t points;  // 0 unless EARNED
};

// What a purchase earns: points_per_major_unit for each whole major unit of `gross_minor` (>= 0),
// in the program's currency, unless `balance_max`, the largest of the member's sums, would exceed
// kPointsMax.
EarnedPoints PointsFor(const Program& program, absl::string_view currency_code, int64_t gross_minor,
                       int64_t balance_max);

// How many of the points a purchase earned are to be taken back in all once `refunded_minor` of it
// came back, the rest of a division staying with the member: floor(points × refunded / gross).
// Several partial refunds add up exactly, a whole one takes everything.
int64_t ReversedInAll(const Earning& earning, int64_t refunded_minor);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_EARNING_H_
