#ifndef SERVICES_COMPLAINTS_DOMAIN_REMEDY_H_
#define SERVICES_COMPLAINTS_DOMAIN_REMEDY_H_

// What is done to put a complaint right.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/complaints/domain/ids.h"

namespace clientele::complaints {

// The numbers of these enums are those of the proto enums.
enum class RemedyKind { kPoints = 1, kApology = 2, kExplanation = 3, kOther = 4 };
enum class RemedyState {
  kUnspecified = 0,  // before it is proposed
  kProposed = 1,
  kApproved = 2,
  kExecuted = 3,
  kCompensating = 4,
  kFailed = 5,
};

// "PROPOSED", "" for kUnspecified.
absl::string_view RemedyStateName(RemedyState state);

struct Remedy {
  RemedyId id;
  RemedyKind kind = RemedyKind::kPoints;
  RemedyState state = RemedyState::kProposed;
  int64_t points = 0;       // 0 unless kPoints
  std::string description;  // personal
  std::string failure_reason;
  std::string ledger_transaction_id;
  std::string proposer;
  std::string approver;
  absl::Time create_time;
  absl::Time update_time;
};

// Whether the customer may still get points or lose them again: the outcome is not known yet.
inline bool IsPending(RemedyState state) {
  return state == RemedyState::kApproved || state == RemedyState::kCompensating;
}

// Whether a remedy may go from one state to the other.
bool MayMove(RemedyState from, RemedyState to);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_REMEDY_H_
