#include "services/complaints/domain/remedy.h"

#include "common/status/macros.h"

namespace clientele::complaints {

absl::string_view RemedyStateName(RemedyState state) {
  switch (state) {
    case RemedyState::kUnspecified:
      return "";
    case RemedyState::kProposed:
      return "PROPOSED";
    case RemedyState::kApproved:
      return "APPROVED";
    case RemedyState::kExecuted:
      return "EXECUTED";
    case RemedyState::kCompensating:
      return "COMPENSATING";
    case RemedyState::kFailed:
      return "FAILED";
  }
  CLIENTELE_CHECK(false);
}

bool MayMove(RemedyState from, RemedyState to) {
  switch (from) {
    case RemedyState::kUnspecified:
      return to == RemedyState::kProposed;
    case RemedyState::kProposed:
      return to == RemedyState::kApproved;
    case RemedyState::kApproved:
      return to == RemedyState::kExecuted || to == RemedyState::kCompensating ||
             to == RemedyState::kFailed;
    case RemedyState::kCompensating:
      return to == RemedyState::kFailed;
    case RemedyState::kExecuted:
    case RemedyState::kFailed:
      return false;
  }
  CLIENTELE_CHECK(false);
}

}  // namespace clientele::complaints
