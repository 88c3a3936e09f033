#ifndef SERVICES_LOYALTY_STORE_MEMBER_STORE_H_
#define SERVICES_LOYALTY_STORE_MEMBER_STORE_H_

// Loads and stores members with their books and purchase histories. Set-oriented; pure functions
// over a transaction. Whoever is going to write locks the members first.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/sql/errors.h"
#include "services/loyalty/domain/ledger.h"
#include "services/loyalty/domain/ledger_book.h"
#include "services/loyalty/domain/program.h"
#include "services/loyalty/domain/purchase_history.h"

namespace clientele::loyalty {

// Members by customer_id.
using MemberStates = std::map<std::string, MemberState>;  // its references stay valid
using LedgerBooks = std::map<std::string, LedgerBook>;

// Locks the members' root rows; `customer_ids` sorted and unique.
absl::Status LockMembers(sql::Tx& tx, absl::Span<const std::string> customer_ids);

// Those of `customer_ids`, here and below unique, who are members.
absl::StatusOr<std::vector<Member>> LoadMembers(sql::Tx& tx,
                                                absl::Span<const std::string> customer_ids);

// What LoadBooks and LoadStates chain of what servers of the release before have stored without
// hashes, in one transaction under the members' locks: two queries for each of so few members.
inline constexpr int64_t kChainedEntriesMax = 1000;
inline constexpr int kChainedMembersMax = 20;

// Books without purchases of those of `customer_ids` who are members. `program` outlives them.
absl::StatusOr<LedgerBooks> LoadBooks(sql::Tx& tx, const Program& program,
                                      absl::Span<const std::string> customer_ids);

// Books and purchases of those of `customer_ids` who are members. `program` outlives them.
absl::StatusOr<MemberStates> LoadStates(sql::Tx& tx, const Program& program,
                                        absl::Span<const std::string> customer_ids);

// Purchases and refunds of `customer_ids`, by customer_id; nothing for one without any.
absl::StatusOr<absl::btree_map<std::string, PurchaseHistory>> LoadHistories(
    sql::Tx& tx, absl::Span<const std::string> customer_ids);

// Adds a stored lot to the book unless it is there; a lot that is not open must be asked for.
absl::Status LoadLotInto(sql::Tx& tx, int64_t lot_seq, LedgerBook& book);

// One purchase; nullopt when it has not arrived.
absl::StatusOr<std::optional<Earning>> FindEarning(sql::Tx& tx, const CustomerId& customer_id,
                                                   const PurchaseId& purchase_id);

// A member has one entry of a cause, such as a request.
inline constexpr sql::UniqueKey kEntryByCause = {
    "ledger_entry_by_cause", "ledger_entry.customer_id, ledger_entry.cause_key"};

// Stores what a transaction added to books: the root row with its version one up, entries, lots.
// sql::IsUniqueViolated of kEntryByCause when there is an entry of the same cause: then the
// transaction must end without effect.
absl::Status SaveBooks(sql::Tx& tx, absl::Span<LedgerBook* const> books);

// SaveBooks and what it added to purchases and refunds, with the version one up for each of these
// and for each thing that was due: the same however a feed is cut into transactions.
absl::Status SaveStates(sql::Tx& tx, absl::Span<MemberState* const> states);

// Members for whom something is due at `now`, longest due first, at most `limit`.
absl::StatusOr<std::vector<std::string>> ListDueMembers(sql::Tx& tx, absl::Time now, int64_t limit);

// The tier that the feed was told last of a member.
struct ToldTier {
  CustomerId customer_id;
  int64_t feed_seq = 0;  // of the member's last event: no later one has told another tier
  TierRank rank = 0;
  absl::Time record_time;  // of the member's newest entry, or else when it enrolled
};

// Those behind `after_customer_id`, by customer_id, at most `count_max`.
absl::StatusOr<std::vector<ToldTier>> ListToldTiers(sql::Tx& tx,
                                                    absl::string_view after_customer_id,
                                                    int64_t count_max);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_MEMBER_STORE_H_
