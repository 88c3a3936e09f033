// The explanation of complaint_proto.h.

#include <string>

#include "absl/strings/str_cat.h"
#include "services/complaints/api/converters/complaint_proto.h"
#include "services/complaints/domain/priority.h"

namespace clientele::complaints {
namespace {

using common::v1::Explanation;

void AddInput(Explanation& explanation, absl::string_view name, absl::string_view value,
              absl::string_view source) {
  Explanation::Input& input = *explanation.add_inputs();
  input.set_name(std::string(name));
  input.set_value(std::string(value));
  input.set_source(std::string(source));
}

absl::string_view TierSource(Tier tier) {
  switch (tier) {
    case Tier::kUnknown:
      return "loyalty could not be asked yet; it will be, and the priority is then repaired";
    case Tier::kNone:
      return "loyalty: the customer is not a member";
    default:
      return "loyalty";
  }
}

// One key of the comparison; it passes when nothing can be more urgent in it.
void AddCheck(Explanation& explanation, absl::string_view name, absl::string_view actual,
              absl::string_view most_urgent) {
  Explanation::Check& check = *explanation.add_checks();
  check.set_name(std::string(name));
  check.set_actual(std::string(actual));
  check.set_operator_("=");
  check.set_threshold(std::string(most_urgent));
  check.set_passed(actual == most_urgent);
}

// What makes the rank smaller by the least.
void SetNext(const Complaint& complaint, Explanation& explanation) {
  PriorityInputs next{complaint.safety, complaint.severity, complaint.tier};
  std::string distance;
  if (complaint.tier != Tier::kPlatinum) {
    next.tier = static_cast<Tier>(static_cast<int>(complaint.tier) - 1);
    distance = absl::StrCat("tier ", TierName(next.tier));
  } else if (complaint.severity > 1) {
    next.severity = complaint.severity - 1;
    next.tier = Tier::kUnknown;
    distance = absl::StrCat("severity ", next.severity);
  } else if (!complaint.safety) {
    next = {.safety = true, .severity = 4, .tier = Tier::kUnknown};
    distance = "safety true";
  } else {
    return;
  }
  explanation.set_next_outcome(absl::StrCat("rank ", PriorityRank(next)));
  explanation.set_distance_to_next(distance);
}

}  // namespace

Explanation ToPriorityExplanation(const Complaint& complaint) {
  const std::string safety = complaint.safety ? "true" : "false";
  const std::string severity = absl::StrCat(complaint.severity);
  const absl::string_view tier = TierName(complaint.tier);
  Explanation explanation;
  explanation.set_subject(absl::StrCat("complaint ", complaint.id.value()));
  explanation.set_outcome(absl::StrCat("rank ", complaint.priority_rank));
  explanation.mutable_rule()->set_id(std::string(kPriorityRule));
  explanation.mutable_rule()->set_version(kPriorityRuleVersion);
  AddInput(explanation, "safety", safety, "complaint");
  AddInput(explanation, "severity", severity, "complaint");
  AddInput(explanation, "tier", tier, TierSource(complaint.tier));
  AddCheck(explanation, "safety", safety, "true");
  AddCheck(explanation, "severity", severity, "1");
  AddCheck(explanation, "tier", tier, TierName(Tier::kPlatinum));
  SetNext(complaint, explanation);
  return explanation;
}

}  // namespace clientele::complaints
