#ifndef SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_H_
#define SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_H_

// A complaint with its remedies, and what is kept of its customer.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/complaints/domain/ids.h"
#include "services/complaints/domain/priority.h"
#include "services/complaints/domain/remedy.h"

namespace clientele::complaints {

// The numbers of these enums are those of the proto enums; 0 = not decided yet.
enum class Channel : int {};  // the contract's, of which nothing here depends
enum class Type : int {};     // the same
enum class Finding : int { kUnspecified = 0 };
enum class Relief : int { kUnspecified = 0 };
enum class ComplaintState {
  kUnspecified = 0,  // before it is filed
  kReceived = 1,
  kAcknowledged = 2,
  kResolved = 3,
  kClosed = 4,
  kReopened = 5,
};
enum class Verification { kVerified = 1, kUnverified = 2, kNotFound = 3 };

inline constexpr ComplaintState kComplaintStates[] = {
    ComplaintState::kReceived, ComplaintState::kAcknowledged, ComplaintState::kResolved,
    ComplaintState::kClosed, ComplaintState::kReopened};

// "RECEIVED", "" for kUnspecified.
absl::string_view ComplaintStateName(ComplaintState state);

// Whether somebody has to work on it.
bool IsOpen(ComplaintState state);

// The root row of a customer here: what a transaction locks.
struct CustomerRecord {
  CustomerId id;
  int64_t feed_seq = 0;  // the number of its last event
  Tier tier = Tier::kUnknown;
  int64_t tier_revision = 0;  // how often loyalty's feed has told the tier
  int64_t tier_feed_seq = 0;  // of the event of loyalty's that told it last
};

struct Complaint {
  CustomerId customer_id;
  ComplaintId id;
  std::string number;  // as MakeComplaintNumber writes it
  Channel channel = {};
  Type type = {};
  int severity = 4;
  bool safety = false;
  std::string language_code;
  std::string subject;         // personal
  std::string description;     // personal
  std::string desired_remedy;  // personal
  std::string resolution;      // personal
  std::vector<std::string> purchase_ids;
  std::vector<StaffId> concerned_staff_ids;
  StaffId assignee_id;  // empty = nobody
  ComplaintState state = ComplaintState::kUnspecified;
  Finding finding = Finding::kUnspecified;
  Relief relief = Relief::kUnspecified;
  absl::Time occur_time;
  absl::Time record_time;
  absl::Time update_time;
  std::optional<absl::Time> acknowledge_time;
  std::optional<absl::Time> resolve_time;
  std::optional<absl::Time> close_time;
  int32_t reopen_count = 0;
  Tier tier = Tier::kUnknown;  // the one the rank was computed with
  int priority_rank = 0;
  Verification verification = Verification::kUnverified;
  int64_t version = 0;      // the etag: grows with every change that a reader can see
  int64_t entry_count = 0;  // entries of the timeline
  std::vector<Remedy> remedies;
};

// The remedy with this id, or nullptr.
const Remedy* FindRemedy(const Complaint& complaint, const RemedyId& id);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_H_
