#ifndef SERVICES_LOYALTY_DOMAIN_LEDGER_CHAIN_H_
#define SERVICES_LOYALTY_DOMAIN_LEDGER_CHAIN_H_

// The chain of a member's entries. What it shows, and what not: common/chain/hash_chain.h.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/chain/hash_chain.h"
#include "services/loyalty/domain/ids.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {

// SHA-256 as chain::EntryHash makes it, for ever, for the purpose "clientele-ledger-1": texts and
// numbers in the order of `entry`'s declaration, customer_id first, without cause.request_id, which
// is in cause.key; accounts and kind by their numbers, times in microseconds since 1970; then how
// many lot_uses, and of each lot_seq and points. `previous_hash`: of the member's entry before;
// empty for the first.
std::string EntryHash(absl::string_view previous_hash, const CustomerId& customer_id,
                      const Entry& entry);

// Where a member's entries must end. Those behind `head`, stored by a server of a release before
// there were chains, have no hash until the member's next write.
struct ChainEnd {
  chain::Head head;  // the newest entry that is chained
  int64_t entry_count = 0;
};

// chain::Verifier::Accept for an entry as stored, and AcceptEnd.
bool Accept(const CustomerId& customer_id, const ChainEnd& end, const Entry& entry,
            chain::Verifier& verifier);
bool AcceptEnd(const ChainEnd& end, chain::Verifier& verifier);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_LEDGER_CHAIN_H_
