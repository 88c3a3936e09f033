#ifndef SERVICES_COMPLAINTS_DOMAIN_TIMELINE_H_
#define SERVICES_COMPLAINTS_DOMAIN_TIMELINE_H_

// What happened to a complaint; append-only.

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/ids.h"
#include "services/complaints/domain/remedy.h"

namespace clientele::complaints {

// The numbers are those of the proto enum.
enum class TimelineKind {
  kFiled = 1,
  kStateChanged = 2,
  kAssigned = 3,
  kMessageIn = 4,
  kMessageOut = 5,
  kNote = 6,
  kRemedyChanged = 7,
  kPriorityChanged = 8,
  kCustomerChecked = 9,
};

// Which fields mean something depends on the kind, as in timeline.proto.
struct TimelineEntry {
  int64_t number = 0;  // dense from 1 within the complaint
  TimelineKind kind = TimelineKind::kNote;
  std::string actor;
  absl::Time occur_time;
  absl::Time record_time;
  std::string text;  // personal
  ComplaintState previous_state = ComplaintState::kUnspecified;
  ComplaintState state = ComplaintState::kUnspecified;
  StaffId assignee_id;
  RemedyId remedy_id;
  RemedyState remedy_state = RemedyState::kUnspecified;
  int previous_priority_rank = 0;
  int priority_rank = 0;
  int verification = 0;  // a Verification, 0 = does not apply
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_TIMELINE_H_
