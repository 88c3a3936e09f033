#include "services/segmentation/api/converters/model_converter.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/handler/deterministic_bytes.h"
#include "common/money/currency.h"
#include "common/status/macros.h"
#include "common/time/civil.h"
#include "common/time/time_proto.h"

namespace clientele::segmentation {
namespace {

std::optional<RfmMethod> MethodFromProto(v1::RfmMethod method) {
  switch (method) {
    case v1::RFM_METHOD_QUANTILE:
      return RfmMethod::kQuantile;
    case v1::RFM_METHOD_R_RFM:
      return RfmMethod::kRRfm;
    case v1::RFM_METHOD_MEAN_SPLIT:
      return RfmMethod::kMeanSplit;
    case v1::RFM_METHOD_FIXED:
      return RfmMethod::kFixed;
    default:
      return std::nullopt;
  }
}

v1::RfmMethod ToProto(RfmMethod method) {
  switch (method) {
    case RfmMethod::kQuantile:
      return v1::RFM_METHOD_QUANTILE;
    case RfmMethod::kRRfm:
      return v1::RFM_METHOD_R_RFM;
    case RfmMethod::kMeanSplit:
      return v1::RFM_METHOD_MEAN_SPLIT;
    case RfmMethod::kFixed:
      break;
  }
  return v1::RFM_METHOD_FIXED;
}

std::optional<MonetaryBasis> MonetaryFromProto(v1::RfmMonetary monetary) {
  switch (monetary) {
    case v1::RFM_MONETARY_GROSS:
      return MonetaryBasis::kGross;
    case v1::RFM_MONETARY_NET:
      return MonetaryBasis::kNet;
    case v1::RFM_MONETARY_AVERAGE:
      return MonetaryBasis::kAverage;
    default:
      return std::nullopt;
  }
}

v1::RfmMonetary ToProto(MonetaryBasis monetary) {
  switch (monetary) {
    case MonetaryBasis::kGross:
      return v1::RFM_MONETARY_GROSS;
    case MonetaryBasis::kNet:
      return v1::RFM_MONETARY_NET;
    case MonetaryBasis::kAverage:
      break;
  }
  return v1::RFM_MONETARY_AVERAGE;
}

// Adds violations under the path of the spec.
class SpecFields {
 public:
  SpecFields(absl::string_view field, Violations& violations)
      : field_(field), violations_(violations) {}
  void Add(absl::string_view name, absl::string_view description) {
    violations_.Add(absl::StrCat(field_, ".", name), description);
  }

 private:
  const std::string field_;
  Violations& violations_;
};

void ReadTiesAndCentre(const v1::RfmModelSpec& proto, RfmModelSpec& spec, SpecFields& fields) {
  if (!v1::RfmTiePolicy_IsValid(proto.tie_policy())) {
    fields.Add("tie_policy", "is not a known value");
  }
  spec.tie_policy =
      proto.tie_policy() == v1::RFM_TIE_POLICY_HIGH ? TiePolicy::kHigh : TiePolicy::kLow;
  if (!v1::RfmCentre_IsValid(proto.centre())) {
    fields.Add("centre", "is not a known value");
  }
  spec.split_centre =
      proto.centre() == v1::RFM_CENTRE_MEDIAN ? SplitCentre::kMedian : SplitCentre::kMean;
  spec.split_basis = proto.centre_on_scores() ? SplitBasis::kScore : SplitBasis::kRaw;
  if (spec.method == RfmMethod::kMeanSplit) {
    return;
  }
  if (proto.centre() != v1::RFM_CENTRE_UNSPECIFIED) {
    fields.Add("centre", "only the method MEAN_SPLIT has a centre");
  }
  if (proto.centre_on_scores()) {
    fields.Add("centre_on_scores", "only the method MEAN_SPLIT has a centre");
  }
}

void ReadBins(const v1::RfmModelSpec& proto, RfmModelSpec& spec, SpecFields& fields) {
  if (spec.method != RfmMethod::kMeanSplit) {
    spec.bins = proto.bins() == 0 ? spec.bins : proto.bins();
  } else if (proto.bins() != 0 && proto.bins() != 2) {
    fields.Add("bins", "must be 0 or 2 with the method MEAN_SPLIT");
  }
}

void ReadCounting(const v1::RfmModelSpec& proto, RfmModelSpec& spec, SpecFields& fields) {
  if (proto.window_days() != 0) {
    spec.window_days = proto.window_days();
  }
  spec.time_zone = proto.time_zone().empty() ? "UTC" : proto.time_zone();
  if (const absl::StatusOr<absl::TimeZone> zone = LoadTimeZone(spec.time_zone); zone.ok()) {
    spec.zone = *zone;
  } else {
    fields.Add("time_zone", zone.status().message());
    spec.time_zone = "UTC";
  }
  spec.currency_code.clear();
  if (!proto.currency_code().empty()) {
    const auto currency = CurrencyCode::Parse(proto.currency_code());
    if (!currency.ok()) {
      fields.Add("currency_code", currency.status().message());
    } else if (!SetCurrency(proto.currency_code(), spec).ok()) {
      fields.Add("currency_code", "is not a currency");
    }
  }
  if (!proto.source_system().empty()) {
    spec.source_system = proto.source_system();
  }
  spec.merge_same_day = proto.merge_same_day();
}

template <typename T>
void TakeUnlessZero(T value, T& target) {
  target = value == 0 ? target : value;
}

GateThresholds GatesFromProto(const v1::RfmGates& proto) {
  GateThresholds gates;
  TakeUnlessZero<int64_t>(proto.buyers_min(), gates.buyers_min);
  TakeUnlessZero<int32_t>(proto.history_days_min(), gates.history_days_min);
  TakeUnlessZero<int32_t>(proto.last_order_days_max(), gates.last_order_days_max);
  TakeUnlessZero<int32_t>(proto.repeat_buyers_bp_min(), gates.repeat_buyers_bp_min);
  return gates;
}

v1::RfmGates ToProto(const GateThresholds& gates) {
  v1::RfmGates proto;
  proto.set_buyers_min(gates.buyers_min);
  proto.set_history_days_min(gates.history_days_min);
  proto.set_last_order_days_max(gates.last_order_days_max);
  proto.set_repeat_buyers_bp_min(gates.repeat_buyers_bp_min);
  return proto;
}

// What a rule depends on the method cannot be judged without one.
bool NeedsMethod(absl::string_view field) {
  return field == "rule_set_id" || field == "bins" || field == "tie_policy" ||
         absl::StartsWith(field, "edges");
}

}  // namespace

RfmModelSpec SpecFromProto(const v1::RfmModelSpec& proto, absl::string_view field,
                           Violations& violations) {
  SpecFields fields(field, violations);
  RfmModelSpec spec;
  const std::optional<RfmMethod> method = MethodFromProto(proto.method());
  if (!method.has_value()) {
    fields.Add("method", "must be set to a known value");
  }
  const std::optional<MonetaryBasis> monetary = MonetaryFromProto(proto.monetary());
  if (!monetary.has_value()) {
    fields.Add("monetary", "must be set to a known value");
  }
  spec.method = method.value_or(spec.method);
  spec.monetary = monetary.value_or(spec.monetary);
  ReadBins(proto, spec, fields);
  if (method.has_value()) {
    ReadTiesAndCentre(proto, spec, fields);
  }
  ReadCounting(proto, spec, fields);
  spec.rule_set_id = proto.rule_set_id();
  spec.fixed_edges = EdgesFromProto(proto.edges());
  spec.gates = GatesFromProto(proto.gates());
  const Violations of_domain = ValidateSpec(spec);
  for (const FieldViolation& violation : of_domain.all()) {
    if (method.has_value() || !NeedsMethod(violation.field)) {
      fields.Add(violation.field, violation.description);
    }
  }
  return spec;
}

v1::RfmModelSpec ToProto(const RfmModelSpec& spec) {
  v1::RfmModelSpec proto;
  proto.set_method(ToProto(spec.method));
  proto.set_bins(ScoreCount(spec));
  proto.set_monetary(ToProto(spec.monetary));
  proto.set_tie_policy(spec.tie_policy == TiePolicy::kHigh ? v1::RFM_TIE_POLICY_HIGH
                                                           : v1::RFM_TIE_POLICY_LOW);
  proto.set_window_days(spec.window_days.value_or(0));
  proto.set_time_zone(spec.time_zone);
  proto.set_currency_code(spec.currency_code);
  proto.set_source_system(spec.source_system.value_or(""));
  proto.set_merge_same_day(spec.merge_same_day);
  proto.set_rule_set_id(spec.rule_set_id);
  if (spec.method == RfmMethod::kFixed) {
    *proto.mutable_edges() = ToProto(spec.fixed_edges);
  }
  if (spec.method == RfmMethod::kMeanSplit) {
    proto.set_centre(spec.split_centre == SplitCentre::kMedian ? v1::RFM_CENTRE_MEDIAN
                                                               : v1::RFM_CENTRE_MEAN);
    proto.set_centre_on_scores(spec.split_basis == SplitBasis::kScore);
  }
  *proto.mutable_gates() = ToProto(spec.gates);
  return proto;
}

std::string SpecToBytes(const RfmModelSpec& spec) { return DeterministicBytes(ToProto(spec)); }

absl::StatusOr<RfmModelSpec> SpecFromBytes(absl::string_view spec_bytes) {
  v1::RfmModelSpec proto;
  Violations violations;
  if (!proto.ParseFromArray(spec_bytes.data(), static_cast<int>(spec_bytes.size()))) {
    return absl::InternalError("a stored RFM model cannot be parsed");
  }
  RfmModelSpec spec = SpecFromProto(proto, "spec", violations);
  if (!violations.empty()) {
    return absl::InternalError(
        absl::StrCat("a stored RFM model is not valid: ", violations.all().front().field));
  }
  return spec;
}

absl::Status SetCurrency(absl::string_view currency_code, RfmModelSpec& spec) {
  const absl::StatusOr<CurrencyCode> currency = CurrencyCode::Parse(currency_code);
  if (!currency.ok()) {
    return absl::InternalError("the order log names a currency that does not exist");
  }
  spec.currency_code = currency->ToString();
  spec.minor_units_per_major = 1;
  for (int digit = 0; digit < MinorUnitDigits(*currency); ++digit) {
    spec.minor_units_per_major *= 10;
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::RfmModel> ToProto(const RfmModelRecord& model) {
  v1::RfmModel proto;
  proto.set_model_id(model.model_id);
  proto.set_version(model.version);
  if (!proto.mutable_spec()->ParseFromString(model.spec_bytes)) {
    return absl::InternalError("a stored RFM model cannot be parsed");
  }
  *proto.mutable_create_time() = ToTimestamp(model.create_time);
  return proto;
}

v1::RfmEdges ToProto(const DimensionEdges& edges) {
  v1::RfmEdges proto;
  proto.mutable_recency_days()->Add(edges.recency_days.begin(), edges.recency_days.end());
  proto.mutable_frequency()->Add(edges.frequency_orders.begin(), edges.frequency_orders.end());
  proto.mutable_monetary_minor()->Add(edges.monetary_minor.begin(), edges.monetary_minor.end());
  return proto;
}

DimensionEdges EdgesFromProto(const v1::RfmEdges& edges) {
  return {{edges.recency_days().begin(), edges.recency_days().end()},
          {edges.frequency().begin(), edges.frequency().end()},
          {edges.monetary_minor().begin(), edges.monetary_minor().end()}};
}

}  // namespace clientele::segmentation
