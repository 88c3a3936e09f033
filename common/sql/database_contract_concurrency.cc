// Contract: what callers on many threads may rely on.

#include <algorithm>
#include <atomic>
#include <future>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/database_contract.h"
#include "common/sql/errors.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"

namespace clientele::sql {
namespace {

using ::testing::ElementsAre;

// Runs `body(i)` on `count` threads and joins them.
template <typename Body>
void RunOnThreads(int count, Body body) {
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&body, i] { body(i); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST_P(DatabaseContract, LosesNoUpdateOf64ThreadsOnOneRow) {
  constexpr int64_t kThreads = 64;
  constexpr int64_t kUpdatesPerThread = 10;
  ASSERT_TRUE(Write(kInsertAccount, {"hot", int64_t{0}}).ok());
  std::atomic<int> failures = 0;
  RunOnThreads(kThreads, [&](int) {
    for (int i = 0; i < kUpdatesPerThread; ++i) {
      const absl::Status status = database().RunInTransaction({}, [](Tx& tx) -> absl::Status {
        CLIENTELE_RETURN_IF_ERROR(tx.LockRows("account", "account_id", {"hot"}));
        CLIENTELE_ASSIGN_OR_RETURN(const int64_t balance, GetBalance(tx, "hot"));
        return tx.Execute(kSetBalance, {"hot", balance + 1}).status();
      });
      failures += status.ok() ? 0 : 1;
    }
  });
  EXPECT_EQ(failures, 0);
  EXPECT_THAT(ListAccounts(), ElementsAre(Account{"hot", kThreads * kUpdatesPerThread}));
}

// Each transaction locks its accounts first and then writes them in another order, which without
// the locks would make some wait for each other in a circle.
TEST_P(DatabaseContract, NeverMeetsADeadlockAmongThoseWhoLockFirst) {
  constexpr int kThreads = 8;
  constexpr int kTransfersPerThread = 10;
  constexpr int kAccounts = 12;
  constexpr int kAccountsPerTransfer = 6;
  std::vector<std::string> ids;
  for (int i = 0; i < kAccounts; ++i) {
    ids.push_back(absl::StrCat("account-", 10 + i));
    ASSERT_TRUE(Write(kInsertAccount, {ids.back(), int64_t{0}}).ok());
  }
  std::atomic<int> failures = 0;
  std::atomic<int> attempts = 0;
  RunOnThreads(kThreads, [&](int thread) {
    std::mt19937 random(thread);
    for (int i = 0; i < kTransfersPerThread; ++i) {
      std::vector<std::string> written = ids;
      std::shuffle(written.begin(), written.end(), random);
      written.resize(kAccountsPerTransfer);
      std::vector<std::string> locked = written;
      std::sort(locked.begin(), locked.end());
      const absl::Status status = database().RunInTransaction({}, [&](Tx& tx) -> absl::Status {
        ++attempts;
        CLIENTELE_RETURN_IF_ERROR(tx.LockRows("account", "account_id", locked));
        for (const std::string& id : written) {
          CLIENTELE_RETURN_IF_ERROR(tx.Execute(kAddToBalance, {id, int64_t{1}}).status());
        }
        return absl::OkStatus();
      });
      failures += status.ok() ? 0 : 1;
    }
  });
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(attempts, kThreads * kTransfersPerThread) << "nobody had to begin anew";
  int64_t sum = 0;
  for (const Account& account : ListAccounts()) {
    sum += account.balance;
  }
  EXPECT_EQ(sum, kThreads * kTransfersPerThread * kAccountsPerTransfer);
}

TEST_P(DatabaseContract, ShowsReadersNoHalfOfATransfer) {
  if (IsCitus(database())) {
    GTEST_SKIP() << "Citus has a snapshot for each shard (docs/adr/0020)";
  }
  constexpr int kTransfers = 200;
  ASSERT_TRUE(Write(kInsertAccount, {"a", int64_t{1000}}).ok());
  ASSERT_TRUE(Write(kInsertAccount, {"b", int64_t{1000}}).ok());
  std::atomic<bool> done = false;
  std::atomic<int> torn_reads = 0;
  std::thread writer([&] {
    for (int i = 0; i < kTransfers; ++i) {
      const absl::Status status = database().RunInTransaction({}, [](Tx& tx) -> absl::Status {
        CLIENTELE_RETURN_IF_ERROR(tx.Execute(kAddToBalance, {"a", int64_t{-1}}).status());
        return tx.Execute(kAddToBalance, {"b", int64_t{1}}).status();
      });
      EXPECT_TRUE(status.ok()) << status;
    }
    done = true;
  });
  RunOnThreads(4, [&](int) {
    do {
      const absl::Status status = database().RunReadOnly({}, [&](Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(const int64_t a, GetBalance(tx, "a"));
        CLIENTELE_ASSIGN_OR_RETURN(const int64_t b, GetBalance(tx, "b"));
        torn_reads += a + b == 2000 ? 0 : 1;
        return absl::OkStatus();
      });
      EXPECT_TRUE(status.ok()) << status;
    } while (!done);
  });
  writer.join();
  EXPECT_EQ(torn_reads, 0);
  EXPECT_THAT(ListAccounts(),
              ElementsAre(Account{"a", 1000 - kTransfers}, Account{"b", 1000 + kTransfers}));
}

TEST_P(DatabaseContract, ReadsOneSnapshotWhileOthersCommit) {
  ASSERT_TRUE(Write(kInsertAccount, {"a", int64_t{1}}).ok());
  const absl::Status status = database().RunReadOnly({}, [this](Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t before, GetBalance(tx, "a"));
    std::thread([this] {
      const absl::Status written = Write(kSetBalance, {"a", int64_t{2}});
      EXPECT_TRUE(written.ok()) << written;
    }).join();
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t after, GetBalance(tx, "a"));
    EXPECT_EQ(before, 1);
    EXPECT_EQ(after, 1);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(ListAccounts(), ElementsAre(Account{"a", 2}));
}

TEST_P(DatabaseContract, ShowsNothingBeforeTheCommitAndAllAfterIt) {
  const absl::Status status = database().RunInTransaction({}, [this](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.Execute(kInsertAccount, {"a", int64_t{1}}).status());
    std::thread([this] { EXPECT_TRUE(ListAccounts().empty()); }).join();
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  std::thread([this] { EXPECT_EQ(ListAccounts().size(), 1u); }).join();
}

TEST_P(DatabaseContract, GivesUpWaitingForALockedRowAtTheDeadline) {
  ASSERT_TRUE(Write(kInsertAccount, {"a", int64_t{1}}).ok());
  const auto lock_and_add = [](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.LockRows("account", "account_id", {"a"}));
    return tx.Execute(kAddToBalance, {"a", int64_t{1}}).status();
  };
  const absl::Status status = database().RunInTransaction({}, [&](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(lock_and_add(tx));
    std::thread([&] {
      const absl::Time started = absl::Now();
      const TxOptions options{.deadline = started + absl::Milliseconds(30)};
      const absl::Status waited = database().RunInTransaction(options, lock_and_add);
      EXPECT_EQ(GetErrorReason(waited), "DEADLINE_TOO_SHORT");
      EXPECT_GE(absl::Now() - started, absl::Milliseconds(30));
    }).join();
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(ListAccounts(), ElementsAre(Account{"a", 2}));
}

TEST_P(DatabaseContract, ServesMoreReadersThanItHasConnections) {
  ASSERT_TRUE(Write(kInsertAccount, {"a", int64_t{1}}).ok());
  std::atomic<int> reads = 0;
  RunOnThreads(64, [&](int) { reads += static_cast<int>(ListAccounts().size()); });
  EXPECT_EQ(reads, 64);
}

}  // namespace
}  // namespace clientele::sql
