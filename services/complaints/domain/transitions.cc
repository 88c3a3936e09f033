#include "services/complaints/domain/transitions.h"

#include "common/status/macros.h"
#include "services/complaints/domain/errors.h"

namespace clientele::complaints {
namespace {

struct Transition {
  ComplaintState state;
  Verb verb;
  ComplaintState next;
};

constexpr ComplaintState kReceived = ComplaintState::kReceived;
constexpr ComplaintState kAcknowledged = ComplaintState::kAcknowledged;
constexpr ComplaintState kResolved = ComplaintState::kResolved;
constexpr ComplaintState kClosed = ComplaintState::kClosed;
constexpr ComplaintState kReopened = ComplaintState::kReopened;

constexpr Transition kTransitions[] = {
    // The life of a complaint.
    {kReceived, Verb::kAcknowledge, kAcknowledged},
    {kAcknowledged, Verb::kResolve, kResolved},
    {kResolved, Verb::kClose, kClosed},
    {kResolved, Verb::kReopen, kReopened},
    {kClosed, Verb::kReopen, kReopened},
    {kReopened, Verb::kResolve, kResolved},
    // Somebody works on it as long as it is open.
    {kReceived, Verb::kAssign, kReceived},
    {kAcknowledged, Verb::kAssign, kAcknowledged},
    {kReopened, Verb::kAssign, kReopened},
    // A remedy before anybody has looked at it, or after it is decided, is a mistake.
    {kAcknowledged, Verb::kProposeRemedy, kAcknowledged},
    {kReopened, Verb::kProposeRemedy, kReopened},
    {kAcknowledged, Verb::kApproveRemedy, kAcknowledged},
    {kReopened, Verb::kApproveRemedy, kReopened},
    // What the customer says after it is closed reopens it; what colleagues note is always welcome.
    {kReceived, Verb::kAddMessage, kReceived},
    {kAcknowledged, Verb::kAddMessage, kAcknowledged},
    {kResolved, Verb::kAddMessage, kResolved},
    {kReopened, Verb::kAddMessage, kReopened},
    {kReceived, Verb::kAddNote, kReceived},
    {kAcknowledged, Verb::kAddNote, kAcknowledged},
    {kResolved, Verb::kAddNote, kResolved},
    {kClosed, Verb::kAddNote, kClosed},
    {kReopened, Verb::kAddNote, kReopened},
};

}  // namespace

absl::string_view VerbName(Verb verb) {
  switch (verb) {
    case Verb::kAcknowledge:
      return "ACKNOWLEDGE";
    case Verb::kAssign:
      return "ASSIGN";
    case Verb::kAddMessage:
      return "ADD_MESSAGE";
    case Verb::kAddNote:
      return "ADD_NOTE";
    case Verb::kProposeRemedy:
      return "PROPOSE_REMEDY";
    case Verb::kApproveRemedy:
      return "APPROVE_REMEDY";
    case Verb::kResolve:
      return "RESOLVE";
    case Verb::kClose:
      return "CLOSE";
    case Verb::kReopen:
      return "REOPEN";
  }
  CLIENTELE_CHECK(false);
}

absl::StatusOr<ComplaintState> NextState(const ComplaintId& id, ComplaintState state, Verb verb) {
  for (const Transition& transition : kTransitions) {
    if (transition.state == state && transition.verb == verb) {
      return transition.next;
    }
  }
  return ComplaintStateForbids(id, state, verb);
}

}  // namespace clientele::complaints
