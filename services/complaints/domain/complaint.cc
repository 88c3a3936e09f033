#include "services/complaints/domain/complaint.h"

#include "common/status/macros.h"

namespace clientele::complaints {

absl::string_view ComplaintStateName(ComplaintState state) {
  switch (state) {
    case ComplaintState::kUnspecified:
      return "";
    case ComplaintState::kReceived:
      return "RECEIVED";
    case ComplaintState::kAcknowledged:
      return "ACKNOWLEDGED";
    case ComplaintState::kResolved:
      return "RESOLVED";
    case ComplaintState::kClosed:
      return "CLOSED";
    case ComplaintState::kReopened:
      return "REOPENED";
  }
  CLIENTELE_CHECK(false);
}

bool IsOpen(ComplaintState state) {
  return state == ComplaintState::kReceived || state == ComplaintState::kAcknowledged ||
         state == ComplaintState::kReopened;
}

const Remedy* FindRemedy(const Complaint& complaint, const RemedyId& id) {
  for (const Remedy& remedy : complaint.remedies) {
    if (remedy.id == id) {
      return &remedy;
    }
  }
  return nullptr;
}

}  // namespace clientele::complaints
