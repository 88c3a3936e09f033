#ifndef SERVICES_COMPLAINTS_DOMAIN_REMEDY_PLAN_H_
#define SERVICES_COMPLAINTS_DOMAIN_REMEDY_PLAN_H_

// What happens to the remedies of a complaint, and what follows from loyalty's answers. Pure.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/complaints/domain/complaint_plan.h"

namespace clientele::complaints {

struct NewRemedy {
  RemedyId id;
  RemedyKind kind = RemedyKind::kPoints;
  int64_t points = 0;
  std::string description;
};

// The errors of both are those of the RPC in complaint_service.proto.
absl::StatusOr<ComplaintPlan> PlanProposeRemedy(const TargetState& state,
                                                const ComplaintTarget& target,
                                                const NewRemedy& remedy, const Stamp& stamp);

// POINTS are to be given from then on; the other kinds are EXECUTED at once.
absl::StatusOr<ComplaintPlan> PlanApproveRemedy(const TargetState& state,
                                                const ComplaintTarget& target,
                                                const RemedyId& remedy_id, const Stamp& stamp);

// Where a remedy goes once loyalty's answer is known.
struct RemedyMove {
  RemedyState state = RemedyState::kFailed;
  std::string failure_reason;         // kFailed only
  std::string ledger_transaction_id;  // kExecuted only
};

// Moves a remedy of a complaint, whatever the complaint's state; it must be allowed to (CHECK).
ComplaintPlan PlanMoveRemedy(const CustomerRecord& customer, const Complaint& complaint,
                             const RemedyId& remedy_id, const RemedyMove& move, const Stamp& stamp);

// What loyalty said to an attempt.
enum class LedgerAnswer {
  kDone,
  kRefused,  // for good: this attempt has no effect and never will
  kUnknown,  // no answer, or one that says nothing
};

// What to do next about points that are to be given.
enum class GiveDecision { kExecuted, kFailed, kRetry, kCompensate };

// `attempt` counts from 1 and includes this one. A refusal is the whole truth only about a first
// attempt: an earlier one may still be on its way and take effect, so it must be taken back first.
GiveDecision DecideGive(LedgerAnswer answer, int64_t attempt, int64_t attempts_max);

// How long to wait after attempt number `attempt` (from 1): doubling from `min` to `max`.
absl::Duration RetryWait(int64_t attempt, absl::Duration min, absl::Duration max);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_REMEDY_PLAN_H_
