#include "services/complaints/domain/repair_plan.h"

#include <utility>

namespace clientele::complaints {

ComplaintPlan PlanLearn(const CustomerRecord& customer, const Complaint& complaint,
                        const CustomerKnowledge& knowledge, const Stamp& stamp) {
  const bool checks =
      knowledge.exists.has_value() && complaint.verification == Verification::kUnverified;
  const bool prioritises =
      knowledge.tier.has_value() && IsOpen(complaint.state) && *knowledge.tier != complaint.tier;
  ComplaintDraft draft(customer, complaint, stamp);
  if (checks || prioritises) {
    draft.Touch();
  }
  if (checks) {
    const Verification verification =
        *knowledge.exists ? Verification::kVerified : Verification::kNotFound;
    draft.complaint().verification = verification;
    draft.AddEntry(TimelineKind::kCustomerChecked).verification = static_cast<int>(verification);
  }
  if (prioritises) {
    draft.SetTier(*knowledge.tier);
  }
  return std::move(draft).Finish();
}

}  // namespace clientele::complaints
