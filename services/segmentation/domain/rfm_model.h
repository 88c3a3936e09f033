#ifndef SERVICES_SEGMENTATION_DOMAIN_RFM_MODEL_H_
#define SERVICES_SEGMENTATION_DOMAIN_RFM_MODEL_H_

// What an RFM model says: which orders count, how values become scores, which rule set names them.
//
// Everything here is a value or a pure function; nothing is shared between threads.
// Units: recency in civil days of the model's time zone, frequency in orders, money in minor units
// of the model's currency (edges are statistics and therefore double; amounts stay int64).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/status/error.h"

namespace clientele::segmentation {

// Limits of a model; each bounds memory or time of a run.
inline constexpr int kBinsMin = 2;
inline constexpr int kBinsMax = 10;
inline constexpr int kWindowDaysMax = 36500;   // a century
inline constexpr double kFixedEdgeMax = 4e18;  // the bound of every stored amount
inline constexpr int kSourceSystemCharsMax = 63;
inline constexpr int kTimeZoneCharsMax = 64;

enum class RfmMethod {
  kQuantile,   // independent bins at inner type-7 quantiles; equal values, equal scores
  kRRfm,       // as the R package rfm: the quantile + 1, intervals [lower, upper)
  kMeanSplit,  // better (2) or not better (1) than the centre of the customers
  kFixed,      // the caller's own edges
};

enum class MonetaryBasis {
  kGross,    // every recorded order at its original amount
  kNet,      // less refunds and cancellations; an order with nothing left does not count
  kAverage,  // gross / orders
};

// What an edge does to a value exactly on it.
enum class TiePolicy {
  kLow,   // F, M = 1 + #{edge < value}; R = k - #{edge < days}
  kHigh,  // the same with <=
};

enum class SplitBasis { kRaw, kScore };  // centre of the values, or of their quantile scores
enum class SplitCentre { kMean, kMedian };

enum class Dimension { kRecency, kFrequency, kMonetary };
inline constexpr std::array<Dimension, 3> kDimensions = {Dimension::kRecency, Dimension::kFrequency,
                                                         Dimension::kMonetary};

// Ascending inner edges of each dimension: k - 1 of them make k scores.
struct DimensionEdges {
  std::vector<double> recency_days;
  std::vector<double> frequency_orders;
  std::vector<double> monetary_minor;

  const std::vector<double>& Of(Dimension dimension) const;
  std::vector<double>& Of(Dimension dimension);
};

// A buyer with so many counted orders is a repeat buyer.
inline constexpr int kRepeatBuyerOrdersMin = 3;

// Below these a run says INSUFFICIENT_DATA instead of inventing groups (see gates.h).
struct GateThresholds {
  int64_t buyers_min = 500;
  int32_t history_days_min = 180;
  int32_t last_order_days_max = 30;
  int32_t repeat_buyers_bp_min = 100;  // basis points of the buyers: 100 = 1 %
};

struct RfmModelSpec {
  RfmMethod method = RfmMethod::kQuantile;
  int bins = 5;  // kMeanSplit on raw values always has 2 scores and does not read it
  MonetaryBasis monetary = MonetaryBasis::kGross;
  std::optional<int> window_days;  // only orders of the last so many civil days; absent = all
  std::string time_zone = "UTC";   // IANA name of `zone`
  absl::TimeZone zone = absl::UTCTimeZone();
  // Empty = the only currency of the order log: a run decides it before it counts (OrderCounter).
  std::string currency_code = "USD";
  int32_t minor_units_per_major = 100;       // of that currency: 1 (JPY) .. 10,000
  std::optional<std::string> source_system;  // only orders of this source; absent = every source
  bool merge_same_day = false;  // all orders of a customer on one civil day are one order
  TiePolicy tie_policy = TiePolicy::kLow;
  std::string rule_set_id = "growth-11";
  DimensionEdges fixed_edges;  // kFixed only
  SplitBasis split_basis = SplitBasis::kRaw;
  SplitCentre split_centre = SplitCentre::kMean;
  GateThresholds gates;
};

// How many scores a dimension has: `bins`, or 2 with kMeanSplit.
int ScoreCount(const RfmModelSpec& spec);

// Every violation of `spec`, with the field paths of the RfmModelSpec message (bins, rule_set_id,
// edges.recency_days ...). Empty = every other function of this folder accepts the spec.
Violations ValidateSpec(const RfmModelSpec& spec);

// Whether `text` names a source system: ^[a-z0-9][a-z0-9-]{0,62}$.
bool IsSourceSystem(absl::string_view text);

// "QUANTILE", "R_RFM", "MEAN_SPLIT", "FIXED".
absl::string_view RfmMethodName(RfmMethod method);

// "R", "F", "M".
absl::string_view DimensionLetter(Dimension dimension);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_RFM_MODEL_H_
