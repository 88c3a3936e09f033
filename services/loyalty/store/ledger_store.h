#ifndef SERVICES_LOYALTY_STORE_LEDGER_STORE_H_
#define SERVICES_LOYALTY_STORE_LEDGER_STORE_H_

// Reads the ledger. Pure functions over a transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {

// Adds its lot_uses to an entry.
absl::Status LoadLotUses(sql::Tx& tx, const CustomerId& customer_id, Entry& entry);

// One entry with its lot_uses. INTERNAL when there is none.
absl::StatusOr<Entry> GetEntry(sql::Tx& tx, const CustomerId& customer_id, int64_t seq);

// Entries before `before_seq`, newest first, without lot_uses.
absl::StatusOr<std::vector<Entry>> ListEntries(sql::Tx& tx, const CustomerId& customer_id,
                                               int64_t before_seq, int64_t limit);

// Where a page of lots begins and what it holds.
struct LotPageQuery {
  absl::Time after_expire_time = absl::UnixEpoch() - absl::Hours(24 * 365 * 3000);
  int64_t after_seq = 0;
  std::optional<absl::Time> open_at;  // only lots with points left at this instant
  int64_t limit = 0;
};

// By expire_time and seq, as stored.
absl::StatusOr<std::vector<Lot>> ListLots(sql::Tx& tx, const CustomerId& customer_id,
                                          const LotPageQuery& query);

// What time has done, or will do next, to a member's lots.
struct LotOutlook {
  int64_t due_points = 0;  // expired at the instant, no EXPIRE entry yet
  int64_t next_points = 0;
  std::optional<absl::Time> next_expire_time;
};
absl::StatusOr<LotOutlook> ReadLotOutlook(sql::Tx& tx, const CustomerId& customer_id,
                                          absl::Time now);

// The sums of one member that must agree, and what is counted beside.
struct LedgerSums {
  std::string customer_id;
  int64_t available = 0;
  int64_t debt = 0;
  int64_t entry_count = 0;
  int64_t entries_sum = 0;
  int64_t entries_counted = 0;
  int64_t last_seq = 0;
  int64_t lots_remaining = 0;

  int64_t earned = 0;    // ever, as lifetime_earned
  int64_t redeemed = 0;  // ever, without what was reversed
  int64_t expired = 0;
  std::optional<TierRank> tier_rank;  // as last told to the feed

  // available = sum of entries = lots - debt, seq dense, never lots beside debt.
  bool balanced() const {
    return available == entries_sum && available == lots_remaining - debt &&
           entry_count == entries_counted && entry_count == last_seq &&
           (debt == 0 || lots_remaining == 0);
  }
};
// By customer_id, the `limit` (positive) after `after_customer_id`; with who joins meanwhile on
// Citus.
absl::StatusOr<std::vector<LedgerSums>> ReadLedgerSums(sql::Tx& tx,
                                                       absl::string_view after_customer_id,
                                                       int64_t limit);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_LEDGER_STORE_H_
