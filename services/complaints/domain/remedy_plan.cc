#include "services/complaints/domain/remedy_plan.h"

#include <algorithm>
#include <utility>

#include "common/status/macros.h"
#include "services/complaints/domain/errors.h"
#include "services/complaints/domain/limits.h"

namespace clientele::complaints {

absl::StatusOr<ComplaintPlan> PlanProposeRemedy(const TargetState& state,
                                                const ComplaintTarget& target,
                                                const NewRemedy& remedy, const Stamp& stamp) {
  CLIENTELE_RETURN_IF_ERROR(CheckTarget(state, target, Verb::kProposeRemedy).status());
  if (state.complaint->remedies.size() >= kRemediesMax) {
    return TooManyRemedies(target.complaint_id);
  }
  ComplaintDraft draft(state.customer, *state.complaint, stamp);
  draft.Touch();
  draft.complaint().remedies.push_back({.id = remedy.id,
                                        .kind = remedy.kind,
                                        .state = RemedyState::kUnspecified,
                                        .points = remedy.points,
                                        .description = remedy.description,
                                        .proposer = stamp.actor,
                                        .create_time = stamp.record_time,
                                        .update_time = stamp.record_time});
  draft.MoveRemedy(remedy.id, RemedyState::kProposed);
  return std::move(draft).Finish();
}

absl::StatusOr<ComplaintPlan> PlanApproveRemedy(const TargetState& state,
                                                const ComplaintTarget& target,
                                                const RemedyId& remedy_id, const Stamp& stamp) {
  // 1. Does everything exist? This comes before the etag and the state.
  if (!state.complaint.has_value()) {
    return ComplaintNotFound(target.customer_id, target.complaint_id);
  }
  const Remedy* remedy = FindRemedy(*state.complaint, remedy_id);
  if (remedy == nullptr) {
    return RemedyNotFound(target.complaint_id, remedy_id);
  }
  // 2. May it be approved?
  CLIENTELE_RETURN_IF_ERROR(CheckTarget(state, target, Verb::kApproveRemedy).status());
  if (remedy->state != RemedyState::kProposed) {
    return RemedyStateForbids(*remedy);
  }
  // 3. Approve it.
  ComplaintDraft draft(state.customer, *state.complaint, stamp);
  draft.Touch();
  for (Remedy& approved : draft.complaint().remedies) {
    if (approved.id == remedy_id) {
      approved.approver = stamp.actor;
    }
  }
  draft.MoveRemedy(remedy_id, RemedyState::kApproved);
  if (remedy->kind == RemedyKind::kPoints) {
    draft.Execute(remedy_id);
  } else {
    draft.MoveRemedy(remedy_id, RemedyState::kExecuted);
  }
  return std::move(draft).Finish();
}

ComplaintPlan PlanMoveRemedy(const CustomerRecord& customer, const Complaint& complaint,
                             const RemedyId& remedy_id, const RemedyMove& move,
                             const Stamp& stamp) {
  ComplaintDraft draft(customer, complaint, stamp);
  draft.Touch();
  draft.MoveRemedy(remedy_id, move.state, move.failure_reason, move.ledger_transaction_id);
  return std::move(draft).Finish();
}

GiveDecision DecideGive(LedgerAnswer answer, int64_t attempt, int64_t attempts_max) {
  switch (answer) {
    case LedgerAnswer::kDone:
      return GiveDecision::kExecuted;
    case LedgerAnswer::kRefused:
      return attempt == 1 ? GiveDecision::kFailed : GiveDecision::kCompensate;
    case LedgerAnswer::kUnknown:
      return attempt < attempts_max ? GiveDecision::kRetry : GiveDecision::kCompensate;
  }
  CLIENTELE_CHECK(false);
}

absl::Duration RetryWait(int64_t attempt, absl::Duration min, absl::Duration max) {
  // 2^20 of the smallest wait is beyond every bound.
  const int64_t doublings = std::clamp<int64_t>(attempt - 1, 0, 20);
  return std::min(min * (int64_t{1} << doublings), max);
}

}  // namespace clientele::complaints
