#ifndef SERVICES_LOYALTY_STORE_LEDGER_CHAIN_STORE_H_
#define SERVICES_LOYALTY_STORE_LEDGER_CHAIN_STORE_H_

// Checks the stored chains of entries, a piece at a time. Functions over a transaction, on one
// snapshot. Errors: the database's.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/chain/hash_chain.h"
#include "common/sql/database.h"
#include "services/loyalty/domain/ids.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {

// An entry of a member, and the hash it had.
struct LedgerHead {
  CustomerId customer_id;
  chain::Head entry;
};

// A member whose entries are not what was written, from first_bad_seq on.
struct BrokenChain {
  CustomerId customer_id;
  int64_t first_bad_seq = 0;

  friend bool operator==(const BrokenChain&, const BrokenChain&) = default;
};

// Where a check goes on: behind everything of `after_customer_id`, and behind `begun`, an entry of
// the member who comes next.
struct ChainPlace {
  std::string after_customer_id;
  std::optional<LedgerHead> begun;
};

// What a piece of a check has found.
struct ChainPage {
  // The newest chained entries of members who are as written, by customer_id.
  std::vector<LedgerHead> heads;
  std::vector<BrokenChain> broken;
  std::optional<ChainPlace> next;  // unset at the end
};

// Of one piece.
struct ChainPageLimits {
  int64_t rows_max = 0;    // entries, and members who have none; positive
  int64_t strays_max = 0;  // customers who have entries but are no members; positive
};

// Checks the members behind `place`, by customer_id.
absl::StatusOr<ChainPage> CheckChains(sql::Tx& tx, const ChainPlace& place,
                                      const ChainPageLimits& limits);

// Entries of one member behind `seq` with the lots they used, without the lots' ids; at most
// `limit`.
absl::StatusOr<std::vector<Entry>> ReadEntriesBehind(sql::Tx& tx, const CustomerId& customer_id,
                                                     int64_t seq, int64_t limit);

// Those of `heads` whose entry is not there as it was.
absl::StatusOr<std::vector<BrokenChain>> FindLostHeads(sql::Tx& tx,
                                                       absl::Span<const LedgerHead> heads);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_LEDGER_CHAIN_STORE_H_
