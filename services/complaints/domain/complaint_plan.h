#ifndef SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_PLAN_H_
#define SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_PLAN_H_

// What a caller's command does to a complaint. Every such decision is made here.
//
// A plan changes nothing: it answers what is to be stored and told, or why not. Errors come in the
// order in which the contract names them: existence, etag, state. Thread safety: pure functions.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/complaint_draft.h"
#include "services/complaints/domain/transitions.h"

namespace clientele::complaints {

// What the other services said about the customer before a complaint is filed.
struct FilingLookup {
  // Not set = profile could not be asked.
  std::optional<bool> customer_exists;
  // kUnknown = loyalty could not be asked.
  Tier tier = Tier::kUnknown;
  // CustomerRecord::tier_revision when loyalty was asked, 0 without a record.
  int64_t tier_revision = 0;
};

// What there is already.
struct FilingState {
  std::optional<CustomerRecord> customer;
  bool id_taken = false;
  int64_t open_count = 0;  // open complaints of the customer
};

// `filed` holds what the caller says, with its ids and number. The tier is the one loyalty
// answered, unless its feed has told another one meanwhile.
// NOT_FOUND CUSTOMER_NOT_FOUND; ALREADY_EXISTS COMPLAINT_ALREADY_EXISTS; FAILED_PRECONDITION
// TOO_MANY_OPEN_COMPLAINTS.
absl::StatusOr<ComplaintPlan> PlanFileComplaint(const FilingState& state, Complaint filed,
                                                const FilingLookup& lookup, const Stamp& stamp);

// Which complaint a command means.
struct ComplaintTarget {
  CustomerId customer_id;
  ComplaintId complaint_id;
  std::optional<int64_t> expected_version;
};

// What is known of the target; the customer's record is there when the complaint is.
struct TargetState {
  CustomerRecord customer;
  std::optional<Complaint> complaint;
};

// The errors of each are those of its RPC in complaint_service.proto.
absl::StatusOr<ComplaintPlan> PlanAcknowledge(const TargetState& state,
                                              const ComplaintTarget& target, const Stamp& stamp);

absl::StatusOr<ComplaintPlan> PlanAssign(const TargetState& state, const ComplaintTarget& target,
                                         const StaffId& assignee_id, const Stamp& stamp);

// Something for the timeline only: the complaint's version stays.
struct NewEntry {
  TimelineKind kind = TimelineKind::kNote;  // kMessageIn, kMessageOut or kNote
  std::string text;
};
absl::StatusOr<ComplaintPlan> PlanAddEntry(const TargetState& state, const ComplaintTarget& target,
                                           const NewEntry& entry, const Stamp& stamp);

struct Resolution {
  Finding finding = Finding::kUnspecified;
  Relief relief = Relief::kUnspecified;
  std::string text;
};
absl::StatusOr<ComplaintPlan> PlanResolve(const TargetState& state, const ComplaintTarget& target,
                                          const Resolution& resolution, const Stamp& stamp);

absl::StatusOr<ComplaintPlan> PlanClose(const TargetState& state, const ComplaintTarget& target,
                                        const Stamp& stamp);

// `open_count`: open complaints of the customer now.
absl::StatusOr<ComplaintPlan> PlanReopen(const TargetState& state, const ComplaintTarget& target,
                                         int64_t open_count, const std::string& reason,
                                         const Stamp& stamp);

// What every command on a complaint checks first: that it exists, its version, its state. Answers
// the state it leads to.
absl::StatusOr<ComplaintState> CheckTarget(const TargetState& state, const ComplaintTarget& target,
                                           Verb verb);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_PLAN_H_
