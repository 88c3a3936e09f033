#ifndef COMMON_FEED_TESTING_EXACTLY_ONCE_CONTRACT_H_
#define COMMON_FEED_TESTING_EXACTLY_ONCE_CONTRACT_H_

// That a consumer's effects are the events, no more and no less, on every database driver. A
// driver's test compiles exactly_once_contract.cc in and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, ExactlyOnceContract, ::testing::Values(&OpenFreshSqlite));

#include "common/feed/testing/feed_store_contract.h"

namespace clientele::feed {

class ExactlyOnceContract : public FeedStoreContract {};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_EXACTLY_ONCE_CONTRACT_H_
