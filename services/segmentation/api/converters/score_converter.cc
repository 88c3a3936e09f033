#include "services/segmentation/api/converters/score_converter.h"

#include <string>

#include "services/segmentation/domain/rule_set.h"
#include "services/segmentation/domain/scoring.h"

namespace clientele::segmentation {
namespace {

common::v1::Explanation ToProto(const Explanation& explanation) {
  common::v1::Explanation proto;
  proto.set_subject(explanation.subject);
  proto.set_outcome(explanation.outcome);
  proto.mutable_rule()->set_id(explanation.rule_id);
  proto.mutable_rule()->set_version(explanation.rule_version);
  for (const ExplanationInput& input : explanation.inputs) {
    common::v1::Explanation::Input& to = *proto.add_inputs();
    to.set_name(input.name);
    to.set_value(input.value);
    to.set_source(input.source);
  }
  for (const ExplanationCheck& check : explanation.checks) {
    common::v1::Explanation::Check& to = *proto.add_checks();
    to.set_name(check.name);
    to.set_actual(check.actual);
    to.set_operator_(check.comparison);
    to.set_threshold(check.threshold);
    to.set_passed(check.passed);
  }
  proto.set_next_outcome(explanation.next_outcome);
  proto.set_distance_to_next(explanation.distance_to_next);
  return proto;
}

}  // namespace

v1::RfmScore ToProto(const RfmModelSpec& spec, absl::string_view run_id, const ScoreEntry& entry) {
  v1::RfmScore proto;
  proto.set_customer_id(std::string(entry.customer_id));
  proto.set_run_id(std::string(run_id));
  proto.set_recency_days(entry.row.recency_days);
  if (entry.segment.has_value()) {
    proto.set_segment(std::string(RulesOf(spec).segments[*entry.segment].id));
  }
  if (entry.out_of_window()) {
    proto.set_out_of_window(true);
    return proto;
  }
  proto.set_frequency(entry.row.frequency);
  proto.set_monetary_minor(MonetaryMinor(spec.monetary, entry.row));
  proto.set_recency_score(entry.r);
  proto.set_frequency_score(entry.f);
  proto.set_monetary_score(entry.m);
  proto.set_cell(CellName(ScoreCount(spec), Score{.r = entry.r, .f = entry.f, .m = entry.m}));
  return proto;
}

v1::RfmScore ToProto(const RfmModelSpec& spec, absl::string_view run_id,
                     const ScoreRecord& record) {
  ScoreEntry entry = record.entry;
  entry.customer_id = record.customer_id;
  return ToProto(spec, run_id, entry);
}

v1::RfmScoreExplanation ToProto(const ScoreExplanation& explanation) {
  v1::RfmScoreExplanation proto;
  *proto.mutable_segment() = ToProto(explanation.segment);
  for (const Explanation& dimension : explanation.dimensions) {
    *proto.add_dimensions() = ToProto(dimension);
  }
  return proto;
}

}  // namespace clientele::segmentation
