#ifndef SERVICES_COMPLAINTS_DOMAIN_TRANSITIONS_H_
#define SERVICES_COMPLAINTS_DOMAIN_TRANSITIONS_H_

// What may be done to a complaint in which state, and where that leads: one table.

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/complaints/domain/complaint.h"

namespace clientele::complaints {

enum class Verb {
  kAcknowledge,
  kAssign,
  kAddMessage,
  kAddNote,
  kProposeRemedy,
  kApproveRemedy,
  kResolve,
  kClose,
  kReopen,
};

inline constexpr Verb kVerbs[] = {Verb::kAcknowledge, Verb::kAssign,        Verb::kAddMessage,
                                  Verb::kAddNote,     Verb::kProposeRemedy, Verb::kApproveRemedy,
                                  Verb::kResolve,     Verb::kClose,         Verb::kReopen};

// "ACKNOWLEDGE", "PROPOSE_REMEDY".
absl::string_view VerbName(Verb verb);

// The state after `verb`, which is `state` itself for verbs that do not move it.
// FAILED_PRECONDITION COMPLAINT_STATE when the table does not have it. Pure.
absl::StatusOr<ComplaintState> NextState(const ComplaintId& id, ComplaintState state, Verb verb);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_TRANSITIONS_H_
