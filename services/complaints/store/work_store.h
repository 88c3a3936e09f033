#ifndef SERVICES_COMPLAINTS_STORE_WORK_STORE_H_
#define SERVICES_COMPLAINTS_STORE_WORK_STORE_H_

// What the jobs have to do: points on their way, and customers about whom another service could not
// be asked yet. Left by SavePlan.
//
// Every function works in the caller's transaction and answers the errors of common/sql/database.h.
// Stateless and thread-safe, as far as the Tx is.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/ids.h"

namespace clientele::complaints {

// Names a remedy.
struct RemedyKey {
  CustomerId customer_id;
  ComplaintId complaint_id;
  RemedyId remedy_id;
};

enum class WorkPhase { kGive = 1, kTakeBack = 2 };

// Points that are to be given, or taken back.
struct RemedyWork {
  RemedyKey key;
  WorkPhase phase = WorkPhase::kGive;
  int64_t attempt_count = 0;  // begun in this phase
  absl::Time next_attempt_time;
  std::string failure_reason;  // kTakeBack: why it could not be given
};

// nullopt when the outcome is known.
absl::StatusOr<std::optional<RemedyWork>> FindWork(sql::Tx& tx, const RemedyKey& key);

// A place in the order in which work is due; by default before all of it.
struct WorkPlace {
  absl::Time next_attempt_time = absl::UnixEpoch();
  std::string remedy_id;
};

// At most `count_max` that are due at `now` and come after `after`, the longest due first.
absl::StatusOr<std::vector<RemedyWork>> ListDueWork(sql::Tx& tx, absl::Time now,
                                                    const WorkPlace& after, int64_t count_max);

// When the next one is due; nullopt when there is none.
absl::StatusOr<std::optional<absl::Time>> NextAttemptTime(sql::Tx& tx);

// Counts an attempt that is about to begin, unless somebody else has begun one since `work` was
// read: false then. Until `next_attempt_time` nobody else begins one.
absl::StatusOr<bool> ClaimWork(sql::Tx& tx, const RemedyWork& work, absl::Time next_attempt_time);

// The same without counting an attempt, for one that did not begin.
absl::Status PostponeWork(sql::Tx& tx, const RemedyWork& work, absl::Time next_attempt_time);

// From giving to taking back.
absl::Status StartTakingBack(sql::Tx& tx, const RemedyKey& key, absl::Time next_attempt_time,
                             absl::string_view failure_reason);

// The outcome is known.
absl::Status DeleteWork(sql::Tx& tx, const RemedyKey& key);

// At most `count_max` customers after `after_id` that wait for a repair, by id.
absl::StatusOr<std::vector<CustomerId>> ListRepairs(sql::Tx& tx, absl::string_view after_id,
                                                    int64_t count_max);

// Ends the wait of a customer unless a complaint still needs an answer.
absl::Status DeleteRepairIfDone(sql::Tx& tx, const CustomerId& id);

struct PendingCounts {
  int64_t repairs = 0;
  int64_t remedies = 0;
};
absl::StatusOr<PendingCounts> CountPending(sql::Tx& tx);

// How many complaints are in each open state, without those that none is in.
absl::StatusOr<std::map<ComplaintState, int64_t>> CountOpenByState(sql::Tx& tx);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_STORE_WORK_STORE_H_
