#include "services/complaints/domain/complaint_plan.h"

#include <algorithm>
#include <utility>

#include "common/status/macros.h"
#include "services/complaints/domain/errors.h"
#include "services/complaints/domain/limits.h"

namespace clientele::complaints {
namespace {

// What is known of the tier once loyalty was asked.
Tier TierAtFiling(const std::optional<CustomerRecord>& customer, const FilingLookup& lookup) {
  if (!customer.has_value()) {
    return lookup.tier;
  }
  const bool told_meanwhile = customer->tier_revision > lookup.tier_revision;
  return lookup.tier == Tier::kUnknown || told_meanwhile ? customer->tier : lookup.tier;
}

Verification VerificationAtFiling(const FilingLookup& lookup) {
  return lookup.customer_exists.has_value() ? Verification::kVerified : Verification::kUnverified;
}

absl::Status CheckExists(const TargetState& state, const ComplaintTarget& target) {
  if (!state.complaint.has_value()) {
    return ComplaintNotFound(target.customer_id, target.complaint_id);
  }
  return absl::OkStatus();
}

// Begins a change of a complaint that CheckTarget has passed.
ComplaintDraft Begin(const TargetState& state, const Stamp& stamp) {
  ComplaintDraft draft(state.customer, *state.complaint, stamp);
  draft.Touch();
  return draft;
}

}  // namespace

absl::StatusOr<ComplaintState> CheckTarget(const TargetState& state, const ComplaintTarget& target,
                                           Verb verb) {
  CLIENTELE_RETURN_IF_ERROR(CheckExists(state, target));
  if (target.expected_version.has_value() && *target.expected_version != state.complaint->version) {
    return EtagMismatch(*state.complaint, *target.expected_version);
  }
  return NextState(target.complaint_id, state.complaint->state, verb);
}

absl::StatusOr<ComplaintPlan> PlanFileComplaint(const FilingState& state, Complaint filed,
                                                const FilingLookup& lookup, const Stamp& stamp) {
  if (!lookup.customer_exists.value_or(true)) {
    return CustomerNotFound(filed.customer_id);
  }
  if (state.id_taken) {
    return ComplaintAlreadyExists(filed.customer_id, filed.id);
  }
  if (state.open_count >= kOpenComplaintsMax) {
    return TooManyOpenComplaints(filed.customer_id);
  }
  CustomerRecord customer = state.customer.value_or(CustomerRecord{.id = filed.customer_id});
  customer.tier = TierAtFiling(state.customer, lookup);
  filed.tier = customer.tier;
  filed.verification = VerificationAtFiling(lookup);
  ComplaintDraft draft(std::move(customer), std::move(filed), stamp);
  draft.File();
  return std::move(draft).Finish();
}

absl::StatusOr<ComplaintPlan> PlanAcknowledge(const TargetState& state,
                                              const ComplaintTarget& target, const Stamp& stamp) {
  CLIENTELE_ASSIGN_OR_RETURN(const ComplaintState next,
                             CheckTarget(state, target, Verb::kAcknowledge));
  ComplaintDraft draft = Begin(state, stamp);
  draft.complaint().acknowledge_time = stamp.occur_time;
  draft.MoveTo(next, "");
  return std::move(draft).Finish();
}

absl::StatusOr<ComplaintPlan> PlanAssign(const TargetState& state, const ComplaintTarget& target,
                                         const StaffId& assignee_id, const Stamp& stamp) {
  CLIENTELE_RETURN_IF_ERROR(CheckTarget(state, target, Verb::kAssign).status());
  const std::vector<StaffId>& concerned = state.complaint->concerned_staff_ids;
  if (std::find(concerned.begin(), concerned.end(), assignee_id) != concerned.end()) {
    return ConflictOfInterest(assignee_id);
  }
  if (state.complaint->assignee_id == assignee_id) {
    return ComplaintPlan{.customer = state.customer, .after = *state.complaint};
  }
  ComplaintDraft draft = Begin(state, stamp);
  draft.complaint().assignee_id = assignee_id;
  draft.AddEntry(TimelineKind::kAssigned).assignee_id = assignee_id;
  return std::move(draft).Finish();
}

absl::StatusOr<ComplaintPlan> PlanAddEntry(const TargetState& state, const ComplaintTarget& target,
                                           const NewEntry& entry, const Stamp& stamp) {
  const Verb verb = entry.kind == TimelineKind::kNote ? Verb::kAddNote : Verb::kAddMessage;
  CLIENTELE_RETURN_IF_ERROR(CheckTarget(state, target, verb).status());
  if (state.complaint->entry_count >= kTimelineEntriesMax) {
    return TimelineFull(target.complaint_id);
  }
  ComplaintDraft draft(state.customer, *state.complaint, stamp);
  draft.AddEntry(entry.kind).text = entry.text;
  return std::move(draft).Finish();
}

absl::StatusOr<ComplaintPlan> PlanResolve(const TargetState& state, const ComplaintTarget& target,
                                          const Resolution& resolution, const Stamp& stamp) {
  CLIENTELE_ASSIGN_OR_RETURN(const ComplaintState next, CheckTarget(state, target, Verb::kResolve));
  for (const Remedy& remedy : state.complaint->remedies) {
    if (IsPending(remedy.state)) {
      return RemedyPending(remedy);
    }
  }
  ComplaintDraft draft = Begin(state, stamp);
  Complaint& complaint = draft.complaint();
  complaint.finding = resolution.finding;
  complaint.relief = resolution.relief;
  draft.SetResolution(resolution.text);
  complaint.resolve_time = stamp.occur_time;
  draft.MoveTo(next, resolution.text);
  return std::move(draft).Finish();
}

absl::StatusOr<ComplaintPlan> PlanClose(const TargetState& state, const ComplaintTarget& target,
                                        const Stamp& stamp) {
  CLIENTELE_ASSIGN_OR_RETURN(const ComplaintState next, CheckTarget(state, target, Verb::kClose));
  ComplaintDraft draft = Begin(state, stamp);
  draft.complaint().close_time = stamp.occur_time;
  draft.MoveTo(next, "");
  return std::move(draft).Finish();
}

absl::StatusOr<ComplaintPlan> PlanReopen(const TargetState& state, const ComplaintTarget& target,
                                         int64_t open_count, const std::string& reason,
                                         const Stamp& stamp) {
  CLIENTELE_ASSIGN_OR_RETURN(const ComplaintState next, CheckTarget(state, target, Verb::kReopen));
  if (open_count >= kOpenComplaintsMax) {
    return TooManyOpenComplaints(target.customer_id);
  }
  ComplaintDraft draft = Begin(state, stamp);
  ++draft.complaint().reopen_count;
  draft.MoveTo(next, reason);
  // Nobody re-prioritised it while it was not open.
  draft.SetTier(state.customer.tier);
  return std::move(draft).Finish();
}

}  // namespace clientele::complaints
