#ifndef SERVICES_LOYALTY_STORE_LOYALTY_STORE_CONTRACT_H_
#define SERVICES_LOYALTY_STORE_LOYALTY_STORE_CONTRACT_H_

// What loyalty's store promises, as tests that every database driver passes.
//
// A driver's test links loyalty_store_contract*.cc and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, LoyaltyStoreContract, ::testing::Values(&OpenIt));

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "common/sql/transaction.h"
#include "gtest/gtest.h"
#include "services/loyalty/domain/ledger_book.h"
#include "services/loyalty/domain/program.h"
#include "services/loyalty/domain/purchase_history.h"
#include "services/loyalty/store/request_store.h"

namespace clientele::loyalty {

// An empty database with loyalty's schema.
using OpenLoyaltyDatabase = std::unique_ptr<sql::Database> (*)();

// Noon UTC of a day of 2011, from 1.
absl::Time ContractDay(int day);

class LoyaltyStoreContract : public ::testing::TestWithParam<OpenLoyaltyDatabase> {
 protected:
  LoyaltyStoreContract();

  // Commits `work` and expects it to succeed.
  void Commit(sql::TxCallback work);

  // Does `work`, and undoes it.
  void RollBack(absl::FunctionRef<void(sql::Tx&)> work);

  // The value of work(Tx&) → absl::StatusOr<T>, which succeeds.
  template <typename Work>
  auto Value(Work work) {
    return sql::WriteIn(*database_, {}, work).value();
  }

  // Stores a purchase of `points` pounds, of a new member or of one there is.
  void Buy(const std::string& customer_id, const std::string& purchase_id, int64_t points, int day);

  // Loads a member's book, lets `work` post on it, and stores it; Post
  // expects that to succeed.
  absl::Status TryPost(const std::string& customer_id,
                       const std::function<void(LedgerBook&)>& work);
  void Post(const std::string& customer_id, const std::function<void(LedgerBook&)>& work);

  // What these requests did before.
  RequestHistories Histories(const std::vector<RequestKey>& keys) {
    return Value([&](sql::Tx& tx) { return LoadRequestHistories(tx, keys, HistoryScope::kAll); });
  }

  const Program program_;

 private:
  const std::unique_ptr<sql::Database> database_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_LOYALTY_STORE_CONTRACT_H_
