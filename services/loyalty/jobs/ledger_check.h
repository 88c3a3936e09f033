#ifndef SERVICES_LOYALTY_JOBS_LEDGER_CHECK_H_
#define SERVICES_LOYALTY_JOBS_LEDGER_CHECK_H_

// Checks that every member's balance, entries and lots agree, and adds them up on the way.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/sql/database.h"
#include "services/loyalty/store/ledger_store.h"

namespace clientele::loyalty {

// Every member together.
struct LedgerTotals {
  absl::int128 outstanding_points = 0;  // left in lots
  absl::int128 debt_points = 0;
  absl::int128 earned_points = 0;  // ever, as the next two
  absl::int128 redeemed_points = 0;
  absl::int128 expired_points = 0;
  std::map<TierRank, int64_t> members_by_tier;  // of those whose tier the feed was told

  void Add(const LedgerSums& member);
};

// Thread-safe.
class LedgerCheck {
 public:
  // `database` outlives it.
  explicit LedgerCheck(sql::Database& database) : database_(database) {}

  // Checks the next members, at most kCheckPagesMax pages of kCheckMembers; after the last member
  // it begins anew. Changes nothing. The database's errors.
  absl::Status Run();

  // How many members do not balance, of the last whole pass and the one under way; must be 0.
  int64_t imbalance_count() const;

  // Of the last whole pass; nullopt until there is one. Members that changed during the pass count
  // as they were when it came by.
  std::optional<LedgerTotals> totals() const;

  // Some of those that do not balance, for the log; at most 10, of the last pass begun.
  std::vector<std::string> Examples() const;

 private:
  // Answers whether there are more members.
  absl::StatusOr<bool> CheckPage();

  sql::Database& database_;
  mutable std::mutex mutex_;
  std::string after_customer_id_;
  int64_t last_pass_count_ = 0;
  int64_t this_pass_count_ = 0;
  std::vector<std::string> examples_;
  std::optional<LedgerTotals> last_pass_totals_;
  LedgerTotals this_pass_totals_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_JOBS_LEDGER_CHECK_H_
