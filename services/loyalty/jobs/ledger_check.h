#ifndef SERVICES_LOYALTY_JOBS_LEDGER_CHECK_H_
#define SERVICES_LOYALTY_JOBS_LEDGER_CHECK_H_

// Checks that every member's balance, entries and lots agree, and adds them up on the way. Of the
// replicas that share a database one does, under a lease that it keeps from pass to pass: what the
// others know is nothing, and what it knew is forgotten when another one takes over.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/feed/lease.h"
#include "common/server/periodic_task.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "services/loyalty/store/ledger_store.h"

namespace clientele::loyalty {

// Every member together.
struct LedgerTotals {
  int64_t member_count = 0;
  absl::Time end_time;                  // when the last one had been read
  absl::int128 outstanding_points = 0;  // left in lots
  absl::int128 debt_points = 0;
  absl::int128 earned_points = 0;  // ever, as the next two
  absl::int128 redeemed_points = 0;
  absl::int128 expired_points = 0;
  std::map<TierRank, int64_t> members_by_tier;  // of those whose tier the feed was told

  void Add(const LedgerSums& member);
};

// Thread-safe, but one thread runs it.
class LedgerCheck {
 public:
  // How long a replica that died keeps the others from checking.
  static constexpr absl::Duration kLeaseTtl = absl::Minutes(1);

  // `holder` tells processes apart, see feed::Lease. `database` and `clock` (the machine's) outlive
  // it.
  LedgerCheck(sql::Database& database, std::string holder, const Clock& clock)
      : database_(database),
        clock_(clock),
        lease_("ledger_check", std::move(holder), kLeaseTtl, clock) {}

  // Lets another replica check.
  ~LedgerCheck();
  LedgerCheck(const LedgerCheck&) = delete;
  LedgerCheck& operator=(const LedgerCheck&) = delete;

  // Checks the next members, at most kCheckPagesMax pages of kCheckMembers, resting as long as it
  // reads; answers whether some are left, for another call to go on with at once. After the last
  // member it begins anew. Changes nothing, and answers false while another replica checks. The
  // database's errors.
  absl::StatusOr<bool> Run();

  // How many members do not balance, of the last whole pass and the one under way; must be 0.
  // nullopt until one is found or a whole pass has ended, and while another replica checks.
  std::optional<int64_t> imbalance_count() const;

  // Of the last whole pass; nullopt until there is one, and while another replica checks. Members
  // that changed during the pass count as they were when it came by.
  std::optional<LedgerTotals> totals() const;

  // Some of those that do not balance, for the log; at most 10, of the last pass begun.
  std::vector<std::string> Examples() const;

 private:
  // The lease that this replica has, which ends unless it is renewed.
  struct Held {
    int64_t fence;
    absl::Time end_time;
  };

  // What was found so far.
  struct Pass {
    std::string after_customer_id;
    int64_t imbalance_count = 0;
    LedgerTotals totals;
  };

  // Whether this replica checks. Takes the lease when it is free.
  absl::StatusOr<bool> Take();

  // Extends the lease, or forgets everything when another replica has it.
  void Renew();

  // Answers whether there are more members.
  absl::StatusOr<bool> CheckPage();

  // The next four are called with mutex_ locked.
  bool IsHeld() const { return held_.has_value() && clock_.Now() < held_->end_time; }
  void Hold(const feed::LeaseGrant& grant);
  void Forget();
  void Add(const LedgerSums& member);

  sql::Database& database_;
  const Clock& clock_;
  const feed::Lease lease_;
  mutable std::mutex mutex_;
  std::optional<Held> held_;
  Pass pass_;  // under way
  int64_t last_imbalance_count_ = 0;
  std::optional<LedgerTotals> last_totals_;
  std::vector<std::string> examples_;
  std::optional<server::PeriodicTask>
      keeper_;  // from the first Take on; last, it uses all of these
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_JOBS_LEDGER_CHECK_H_
