#ifndef SERVICES_COMPLAINTS_DOMAIN_REPAIR_PLAN_H_
#define SERVICES_COMPLAINTS_DOMAIN_REPAIR_PLAN_H_

// What becomes of a complaint when another service says something about its customer. Pure.

#include <optional>

#include "services/complaints/domain/complaint_draft.h"

namespace clientele::complaints {

// What was learnt; what is not set was not.
struct CustomerKnowledge {
  std::optional<bool> exists;  // profile's answer
  std::optional<Tier> tier;    // loyalty's; never kUnknown
};

// The plan is empty when nothing changes. A tier re-prioritises open complaints only, existence is
// written to those that waited for it. A customer who turns out not to exist keeps its complaints.
ComplaintPlan PlanLearn(const CustomerRecord& customer, const Complaint& complaint,
                        const CustomerKnowledge& knowledge, const Stamp& stamp);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_REPAIR_PLAN_H_
