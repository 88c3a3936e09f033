#include "services/segmentation/domain/rfm_model.h"

#include <algorithm>
#include <functional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/segmentation/domain/rule_set.h"

namespace clientele::segmentation {
namespace {

absl::string_view EdgeField(Dimension dimension) {
  switch (dimension) {
    case Dimension::kRecency:
      return "edges.recency_days";
    case Dimension::kFrequency:
      return "edges.frequency";
    case Dimension::kMonetary:
      return "edges.monetary_minor";
  }
  return "edges";
}

void CheckFixedEdges(const RfmModelSpec& spec, Dimension dimension, Violations& violations) {
  const std::vector<double>& edges = spec.fixed_edges.Of(dimension);
  const absl::string_view field = EdgeField(dimension);
  if (edges.size() != static_cast<size_t>(spec.bins - 1)) {
    violations.Add(
        field, absl::StrCat("must hold bins - 1 = ", spec.bins - 1, " edges; has ", edges.size()));
  }
  if (!std::all_of(edges.begin(), edges.end(),
                   [](double edge) { return edge >= 0 && edge <= kFixedEdgeMax; })) {
    violations.Add(field, absl::StrCat("every edge must be 0 to ", kFixedEdgeMax));
  } else if (std::adjacent_find(edges.begin(), edges.end(), std::greater_equal<>()) !=
             edges.end()) {
    violations.Add(field, "must be strictly ascending");
  }
}

void CheckEdges(const RfmModelSpec& spec, Violations& violations) {
  for (const Dimension dimension : kDimensions) {
    if (spec.method == RfmMethod::kFixed) {
      CheckFixedEdges(spec, dimension, violations);
    } else if (!spec.fixed_edges.Of(dimension).empty()) {
      violations.Add(EdgeField(dimension), "only the method FIXED takes edges");
    }
  }
}

void CheckRuleSet(const RfmModelSpec& spec, Violations& violations) {
  const RuleSet* rules = FindRuleSet(spec.rule_set_id);
  if (rules == nullptr) {
    violations.Add("rule_set_id", "must be classic-8, growth-11 or r-rfm-10");
    return;
  }
  if (std::find(rules->methods.begin(), rules->methods.end(), spec.method) ==
      rules->methods.end()) {
    violations.Add("rule_set_id", absl::StrCat(rules->id, " does not take the method ",
                                               RfmMethodName(spec.method)));
  } else if (ScoreCount(spec) != rules->score_count) {
    violations.Add("bins", absl::StrCat(rules->id, " needs ", rules->score_count, " bins"));
  }
}

void CheckCounting(const RfmModelSpec& spec, Violations& violations) {
  if (spec.window_days.has_value() &&
      (*spec.window_days < 1 || *spec.window_days > kWindowDaysMax)) {
    violations.Add("window_days", absl::StrCat("must be 1 to ", kWindowDaysMax));
  }
  if (spec.time_zone.empty() || spec.time_zone.size() > kTimeZoneCharsMax) {
    violations.Add("time_zone", "must be an IANA time zone name");
  }
  if (!spec.currency_code.empty() &&
      (spec.currency_code.size() != 3 ||
       !std::all_of(spec.currency_code.begin(), spec.currency_code.end(), absl::ascii_isupper))) {
    violations.Add("currency_code", "must be three upper-case letters (ISO 4217)");
  }
  constexpr std::array<int32_t, 5> kPowersOfTen = {1, 10, 100, 1000, 10000};
  if (std::find(kPowersOfTen.begin(), kPowersOfTen.end(), spec.minor_units_per_major) ==
      kPowersOfTen.end()) {
    violations.Add("currency_code", "has no known number of minor units");
  }
  if (spec.source_system.has_value() && !IsSourceSystem(*spec.source_system)) {
    violations.Add("source_system", "must match ^[a-z0-9][a-z0-9-]{0,62}$");
  }
}

void CheckGateThresholds(const GateThresholds& gates, Violations& violations) {
  if (gates.buyers_min < 0) {
    violations.Add("gates.buyers_min", "must not be negative");
  }
  if (gates.history_days_min < 0) {
    violations.Add("gates.history_days_min", "must not be negative");
  }
  if (gates.last_order_days_max < 1) {
    violations.Add("gates.last_order_days_max", "must be 1 or more");
  }
  if (gates.repeat_buyers_bp_min < 0 || gates.repeat_buyers_bp_min > 10000) {
    violations.Add("gates.repeat_buyers_bp_min", "must be 0 to 10000 basis points");
  }
}

}  // namespace

const std::vector<double>& DimensionEdges::Of(Dimension dimension) const {
  switch (dimension) {
    case Dimension::kRecency:
      return recency_days;
    case Dimension::kFrequency:
      return frequency_orders;
    case Dimension::kMonetary:
      break;
  }
  return monetary_minor;
}

std::vector<double>& DimensionEdges::Of(Dimension dimension) {
  return const_cast<std::vector<double>&>(static_cast<const DimensionEdges&>(*this).Of(dimension));
}

int ScoreCount(const RfmModelSpec& spec) {
  return spec.method == RfmMethod::kMeanSplit ? 2 : spec.bins;
}

Violations ValidateSpec(const RfmModelSpec& spec) {
  Violations violations;
  if (spec.bins < kBinsMin || spec.bins > kBinsMax) {
    violations.Add("bins", absl::StrCat("must be ", kBinsMin, " to ", kBinsMax));
  } else {
    CheckEdges(spec, violations);
    CheckRuleSet(spec, violations);
  }
  const bool own_ties = spec.method == RfmMethod::kRRfm || (spec.method == RfmMethod::kMeanSplit &&
                                                            spec.split_basis == SplitBasis::kRaw);
  if (own_ties && spec.tie_policy != TiePolicy::kLow) {
    violations.Add("tie_policy", "R_RFM and MEAN_SPLIT on raw values define their own ties");
  }
  CheckCounting(spec, violations);
  CheckGateThresholds(spec.gates, violations);
  return violations;
}

bool IsSourceSystem(absl::string_view text) {
  const auto is_lower_or_digit = [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c);
  };
  return !text.empty() && text.size() <= kSourceSystemCharsMax && is_lower_or_digit(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_lower_or_digit(c) || c == '-'; });
}

absl::string_view RfmMethodName(RfmMethod method) {
  switch (method) {
    case RfmMethod::kQuantile:
      return "QUANTILE";
    case RfmMethod::kRRfm:
      return "R_RFM";
    case RfmMethod::kMeanSplit:
      return "MEAN_SPLIT";
    case RfmMethod::kFixed:
      return "FIXED";
  }
  return "UNKNOWN";
}

absl::string_view DimensionLetter(Dimension dimension) {
  switch (dimension) {
    case Dimension::kRecency:
      return "R";
    case Dimension::kFrequency:
      return "F";
    case Dimension::kMonetary:
      return "M";
  }
  return "?";
}

}  // namespace clientele::segmentation
