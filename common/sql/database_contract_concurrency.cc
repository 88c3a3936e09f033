// Contract: what callers on many threads may rely on.

#include <atomic>
#include <future>
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

TEST_P(DatabaseContract, ShowsReadersNoHalfOfATransfer) {
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
