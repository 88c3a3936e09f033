#ifndef COMMON_FEED_TESTING_BOOTSTRAP_CONTRACT_H_
#define COMMON_FEED_TESTING_BOOTSTRAP_CONTRACT_H_

// That a consumer which begins with an export has every effect once and in order, on every database
// driver. A driver's test compiles bootstrap_contract.cc in and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, BootstrapContract, ::testing::Values(&OpenFreshSqlite));

#include "common/feed/testing/feed_store_contract.h"

namespace clientele::feed {

class BootstrapContract : public FeedStoreContract {
 protected:
  // As if every process of the consumer had been silent for long.
  static void Expire(sql::Database& target) {
    for (const sql::Statement& statement : {kExpireLeases, kExpireMembers}) {
      ASSERT_EQ(target.RunInTransaction(
                    {}, [&](sql::Tx& tx) { return tx.Execute(statement, {}).status(); }),
                absl::OkStatus());
    }
  }
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_BOOTSTRAP_CONTRACT_H_
