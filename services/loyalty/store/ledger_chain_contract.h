#ifndef SERVICES_LOYALTY_STORE_LEDGER_CHAIN_CONTRACT_H_
#define SERVICES_LOYALTY_STORE_LEDGER_CHAIN_CONTRACT_H_

// What the check of the stored chains promises, as tests that every database driver passes; a
// driver's test says INSTANTIATE_TEST_SUITE_P for it too.

#include <vector>

#include "absl/strings/string_view.h"
#include "services/loyalty/store/ledger_chain_store.h"
#include "services/loyalty/store/loyalty_store_contract.h"

namespace clientele::loyalty {

class LedgerChainContract : public LoyaltyStoreContract {
 protected:
  // c-1 to c-3 with five entries each, the fourth of which used two lots; c-4 has none.
  void MakeMembers();

  // Commits a statement of somebody who has the database.
  void Run(absl::string_view sql);

  // Checks everything, page by page.
  ChainPage Check(const ChainPageLimits& limits);

  std::vector<BrokenChain> Lost(const std::vector<LedgerHead>& heads);
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_LEDGER_CHAIN_CONTRACT_H_
