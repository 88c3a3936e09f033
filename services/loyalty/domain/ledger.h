#ifndef SERVICES_LOYALTY_DOMAIN_LEDGER_H_
#define SERVICES_LOYALTY_DOMAIN_LEDGER_H_

// The rows of the ledger: members, entries, lots. Values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/loyalty/domain/ids.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// Balances and points of one entry stay within ±kPointsMax, so that any two add up in 64 bits.
inline constexpr int64_t kPointsMax = 4'000'000'000'000'000'000;

// The most that one Adjust gives or takes: a slip of the keyboard stays small.
inline constexpr int64_t kAdjustPointsMax = 1'000'000;

// The numbers are those of the proto enums.
enum class EntryKind { kEarn = 1, kRedeem = 2, kAdjust = 3, kExpire = 4, kReverse = 5 };
enum class LedgerAccount { kMember = 1, kIssued = 2, kRedeemed = 3, kExpired = 4, kAdjusted = 5 };

// "REDEEM".
const char* EntryKindName(EntryKind kind);

// The root row of a member: what a transaction locks.
struct Member {
  CustomerId id;
  int64_t available = 0;  // sum of entries = sum of lots' remaining - debt; negative with debt
  int64_t debt = 0;
  int64_t lifetime_earned = 0;
  int64_t entry_count = 0;
  int64_t head_seq = 0;   // of the newest entry that is chained (ledger_chain.h); 0 = none
  std::string head_hash;  // of that entry
  int64_t feed_seq = 0;
  int64_t version = 0;  // 0 = not stored yet
  absl::Time enroll_time;
  absl::Time last_record_time = absl::InfinitePast();  // of its newest entry or applied event
  std::optional<TierRank> tier_rank;        // as last told to the feed; unset = nothing yet
  std::optional<absl::Time> tier_due_time;  // when time next changes the tier; unset = never
  std::optional<absl::Time> due_time;       // as stored: when time next changes anything
};

// How long the expiry of a lot that was recorded late waits to be posted: what comes in with it, as
// the refunds of an import, still finds the points that it had when it happened.
inline constexpr absl::Duration kLateExpiryWait = absl::Hours(24);

// Points that came in together.
struct Lot {
  int64_t seq = 0;     // of the entry that made it
  std::string lot_id;  // transaction_id of that entry
  int64_t points = 0;
  int64_t remaining = 0;
  int64_t expired = 0;
  absl::Time activate_time;
  absl::Time expire_time;
  absl::Time due_time;     // when its expiry is posted at the latest; not before expire_time
  PurchaseId purchase_id;  // empty for an adjustment
  int64_t program_version = 0;
};

// Points that an entry took from a lot (> 0) or gave back to it (< 0).
struct LotUse {
  int64_t lot_seq = 0;
  std::string lot_id;
  int64_t points = 0;

  friend bool operator==(const LotUse&, const LotUse&) = default;
};

// What made an entry. `key` is unique among the member's entries for ever: nothing counts twice.
struct EntryCause {
  std::string key;           // "request/<uuid>", "purchase/<id>", "refund/<id>/<number>", …
  std::string request_id;    // empty when the feed or time made it
  std::string content_hash;  // recognises the request when it comes again; empty without one
  PurchaseId purchase_id;
  std::string refund_number;
  std::string reason;
  std::string reference;
};

// The key of what a request causes, and the request_id in it; empty for another key.
std::string RequestCauseKey(absl::string_view request_id);
absl::string_view RequestIdOfCauseKey(absl::string_view key);

EntryCause RequestCause(const std::string& request_id, const std::string& content_hash,
                        const std::string& reason, const std::string& reference);
EntryCause PurchaseCause(const PurchaseId& purchase_id);
EntryCause RefundCause(const PurchaseId& purchase_id, const std::string& refund_number);
EntryCause CancelCause(const PurchaseId& purchase_id);
EntryCause ExpiryCause(const Lot& lot);

// One transaction of two legs; never changed.
struct Entry {
  int64_t seq = 0;  // dense from 1 per member
  std::string transaction_id;
  EntryKind kind = EntryKind::kEarn;
  LedgerAccount debit_account = LedgerAccount::kMember;
  LedgerAccount credit_account = LedgerAccount::kMember;
  int64_t points = 0;         // > 0
  int64_t balance_after = 0;  // the member's
  absl::Time occur_time;
  absl::Time record_time;
  EntryCause cause;
  int64_t program_version = 0;
  std::vector<LotUse> lot_uses;
  std::string hash;  // domain/ledger_chain.h; read only where chains are made or checked

  bool is_credit() const { return credit_account == LedgerAccount::kMember; }
  // What the member's balance changed by.
  int64_t signed_points() const { return is_credit() ? points : -points; }
};

// The UUIDv5 of a member and a cause: the same whenever the entry is made anew from the feed.
std::string TransactionIdOf(const CustomerId& customer_id, const std::string& cause_key);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_LEDGER_H_
