#ifndef SERVICES_SEGMENTATION_DOMAIN_GATES_H_
#define SERVICES_SEGMENTATION_DOMAIN_GATES_H_

// Gates: whether the data of a run can carry scores at all. Pure functions.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/segmentation/domain/order_counting.h"
#include "services/segmentation/domain/rfm_model.h"

namespace clientele::segmentation {

enum class Gate {
  kBuyers,           // customers with a counted order
  kHistoryDays,      // civil days from the first order (also before a window) to as_of
  kLastOrderDays,    // civil days from the newest counted order to as_of
  kRepeatBuyersBp,   // basis points of the buyers with kRepeatBuyerOrdersMin orders or more
  kDistinctRecency,  // different values of a dimension: with one there is nothing to divide
  kDistinctFrequency,
  kDistinctMonetary,
};

// "BUYERS", "HISTORY_DAYS", ...
absl::string_view GateName(Gate gate);

// A gate that the data did not pass. `actual` fails against `required`, both in the gate's unit;
// kLastOrderDays requires at most, every other gate at least.
struct FailedGate {
  Gate gate;
  int64_t actual;
  int64_t required;
};

// "only 120 buyers; 500 are required".
std::string DescribeFailedGate(const FailedGate& failed);

// The failed gates in the order of the enum; empty = the run may go on. Without any buyer only
// kBuyers is reported, because nothing else can be measured. FIXED edges do not come from the data,
// so there all ties are allowed.
std::vector<FailedGate> EvaluateGates(const RfmModelSpec& spec, const OrderCounter& counter,
                                      const Population& population);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_GATES_H_
