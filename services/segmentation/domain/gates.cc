#include "services/segmentation/domain/gates.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace clientele::segmentation {
namespace {

template <typename T>
bool AllEqual(const std::vector<T>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
}

bool AllMonetaryEqual(MonetaryBasis basis, const RfmColumns& columns) {
  const double first = MonetaryValue(basis, columns.At(0));
  for (size_t i = 1; i < columns.size(); ++i) {
    if (MonetaryValue(basis, columns.At(i)) != first) {
      return false;
    }
  }
  return true;
}

void CheckTies(const RfmModelSpec& spec, const RfmColumns& columns,
               std::vector<FailedGate>& failed) {
  if (spec.method == RfmMethod::kFixed) {
    return;
  }
  if (AllEqual(columns.recency_days)) {
    failed.push_back({Gate::kDistinctRecency, 1, 2});
  }
  if (AllEqual(columns.frequency)) {
    failed.push_back({Gate::kDistinctFrequency, 1, 2});
  }
  if (AllMonetaryEqual(spec.monetary, columns)) {
    failed.push_back({Gate::kDistinctMonetary, 1, 2});
  }
}

void RequireAtLeast(Gate gate, int64_t actual, int64_t required, std::vector<FailedGate>& failed) {
  if (actual < required) {
    failed.push_back({gate, actual, required});
  }
}

}  // namespace

absl::string_view GateName(Gate gate) {
  switch (gate) {
    case Gate::kBuyers:
      return "BUYERS";
    case Gate::kHistoryDays:
      return "HISTORY_DAYS";
    case Gate::kLastOrderDays:
      return "LAST_ORDER_DAYS";
    case Gate::kRepeatBuyersBp:
      return "REPEAT_BUYERS_BP";
    case Gate::kDistinctRecency:
      return "DISTINCT_RECENCY";
    case Gate::kDistinctFrequency:
      return "DISTINCT_FREQUENCY";
    case Gate::kDistinctMonetary:
      return "DISTINCT_MONETARY";
  }
  return "UNKNOWN";
}

std::string DescribeFailedGate(const FailedGate& failed) {
  const int64_t actual = failed.actual;
  const int64_t required = failed.required;
  switch (failed.gate) {
    case Gate::kBuyers:
      return absl::StrCat("only ", actual, " buyers; ", required, " are required");
    case Gate::kHistoryDays:
      return absl::StrCat("only ", actual, " days of history; ", required, " are required");
    case Gate::kLastOrderDays:
      return absl::StrCat("the newest order is ", actual, " days old; at most ", required,
                          " are allowed");
    case Gate::kRepeatBuyersBp:
      return absl::StrFormat(
          "only %.2f %% of the buyers ordered three times or more; %.2f %% are required",
          static_cast<double>(actual) / 100, static_cast<double>(required) / 100);
    case Gate::kDistinctRecency:
      return "every buyer has the same recency";
    case Gate::kDistinctFrequency:
      return "every buyer has the same number of orders";
    case Gate::kDistinctMonetary:
      return "every buyer has the same monetary value";
  }
  return "unknown gate";
}

std::vector<FailedGate> EvaluateGates(const RfmModelSpec& spec, const OrderCounter& counter,
                                      const Population& population) {
  const GateThresholds& gates = spec.gates;
  const RfmColumns& columns = population.columns;
  const int64_t buyers = static_cast<int64_t>(columns.size());
  std::vector<FailedGate> failed;
  RequireAtLeast(Gate::kBuyers, buyers, std::max<int64_t>(gates.buyers_min, 1), failed);
  if (buyers == 0) {
    return failed;
  }
  RequireAtLeast(Gate::kHistoryDays, counter.DaysBeforeAsOf(population.first_order_time),
                 gates.history_days_min, failed);
  const int32_t newest =
      *std::min_element(columns.recency_days.begin(), columns.recency_days.end());
  if (newest > gates.last_order_days_max) {
    failed.push_back({Gate::kLastOrderDays, newest, gates.last_order_days_max});
  }
  const int64_t repeat_buyers =
      std::count_if(columns.frequency.begin(), columns.frequency.end(),
                    [](int32_t orders) { return orders >= kRepeatBuyerOrdersMin; });
  RequireAtLeast(Gate::kRepeatBuyersBp, repeat_buyers * 10000 / buyers, gates.repeat_buyers_bp_min,
                 failed);
  CheckTies(spec, columns, failed);
  return failed;
}

}  // namespace clientele::segmentation
