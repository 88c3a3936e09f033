#ifndef SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_DRAFT_H_
#define SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_DRAFT_H_

// What a command does to a complaint, and how plans put that together step by step. Every change
// leaves an entry in the timeline, and an event where the world may care.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/event.h"
#include "services/complaints/domain/timeline.h"

namespace clientele::complaints {

// Who does something, and when.
struct Stamp {
  std::string actor;  // a principal, or kSystemActor
  absl::Time occur_time;
  absl::Time record_time;
};

// The actor of what no caller did.
inline constexpr absl::string_view kSystemActor = "system";

// What is to be stored and told. Of the texts of a complaint that is not new only the resolution is
// stored, and only when it changed: `after` may be without them.
struct ComplaintPlan {
  CustomerRecord customer;
  Complaint after;
  bool is_new = false;  // the complaint
  bool resolution_changed = false;
  std::vector<TimelineEntry> entries;
  std::vector<Event> events;
  std::optional<RemedyId> to_execute;  // a remedy whose points are to be given from now on
  bool needs_repair = false;           // another service could not be asked yet

  // True when the command had no effect at all.
  bool empty() const { return !is_new && entries.empty(); }
};

// One thread at a time.
class ComplaintDraft {
 public:
  ComplaintDraft(CustomerRecord customer, Complaint complaint, Stamp stamp);

  Complaint& complaint() { return plan_.after; }

  // Counts a change of the complaint itself; call it before what tells of the change.
  void Touch();

  // An entry by the stamp's actor with the next number.
  TimelineEntry& AddEntry(TimelineKind kind);

  // The complaint is filed: its first entry and event.
  void File();

  void SetResolution(absl::string_view text);

  // To another state, `text` being the reason.
  void MoveTo(ComplaintState next, absl::string_view text);

  // The priority of `tier`; nothing happens when neither tier nor rank change.
  void SetTier(Tier tier);

  // Moves a remedy, which must be one of the complaint's and allowed to move so (CHECK).
  // `failure_reason` and `ledger_transaction_id` are kept when not empty.
  void MoveRemedy(const RemedyId& id, RemedyState next, absl::string_view failure_reason = "",
                  absl::string_view ledger_transaction_id = "");

  // The remedy's points are to be given.
  void Execute(const RemedyId& id) { plan_.to_execute = id; }

  ComplaintPlan Finish() &&;

 private:
  void Tell(EventBody body);

  ComplaintPlan plan_;
  const Stamp stamp_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_DRAFT_H_
