#ifndef SERVICES_COMPLAINTS_TESTING_TEST_COMPLAINTS_H_
#define SERVICES_COMPLAINTS_TESTING_TEST_COMPLAINTS_H_

// For tests only: complaints in every state.

#include <string>

#include "absl/time/time.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/complaint_draft.h"
#include "services/complaints/domain/complaint_plan.h"

namespace clientele::complaints {

inline const absl::Time kTestTime = absl::FromUnixSeconds(1'700'000'000);

inline Stamp TestStamp() {
  return {.actor = "staff-1", .occur_time = kTestTime, .record_time = kTestTime + absl::Hours(1)};
}

// A complaint of c-1 at version 7 whose priority fits its tier.
inline Complaint ComplaintIn(ComplaintState state) {
  Complaint complaint{.customer_id = CustomerId("c-1"),
                      .id = ComplaintId("late-parcel"),
                      .number = "00000-00000",
                      .channel = static_cast<Channel>(1),
                      .type = static_cast<Type>(3),
                      .severity = 2,
                      .subject = "the parcel",
                      .concerned_staff_ids = {StaffId("staff-7")},
                      .state = state,
                      .occur_time = kTestTime,
                      .record_time = kTestTime,
                      .update_time = kTestTime,
                      .tier = Tier::kGold,
                      .verification = Verification::kVerified,
                      .version = 7,
                      .entry_count = 3};
  complaint.priority_rank = PriorityRank({.severity = 2, .tier = Tier::kGold});
  return complaint;
}

inline CustomerRecord TestCustomer() {
  return {.id = CustomerId("c-1"), .feed_seq = 10, .tier = Tier::kGold, .tier_revision = 1};
}

inline TargetState TargetIn(ComplaintState state) {
  return {.customer = TestCustomer(), .complaint = ComplaintIn(state)};
}

inline ComplaintTarget TestTarget() {
  return {.customer_id = CustomerId("c-1"), .complaint_id = ComplaintId("late-parcel")};
}

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_TESTING_TEST_COMPLAINTS_H_
