// Of two replicas one works on a run, and one that has lost the lease changes nothing any more.

#include "services/segmentation/jobs/run_lease.h"

#include <atomic>
#include <optional>
#include <string>
#include <utility>

#include "common/sql/transaction.h"
#include "gtest/gtest.h"
#include "services/segmentation/jobs/rfm_executor.h"
#include "services/segmentation/store/rfm_run_store.h"
#include "services/segmentation/store/rfm_score_store.h"
#include "services/segmentation/testing/api_fixture.h"
#include "services/segmentation/testing/hooked_database.h"

namespace clientele::segmentation {
namespace {

constexpr int kShopCustomers = 60;

// Transactions of a run that succeeds, at least.
constexpr int kTransactionsMin = 12;

constexpr sql::Statement kExpireLeases = {"ExpireLeases", "UPDATE lease SET expire_time = 0"};

class RunLeaseTest : public ::testing::Test {
 protected:
  std::optional<RunReport> RunAs(const std::string& holder, sql::Database& database) {
    RfmExecutor executor(database, fixture_.record_clock(), fixture_.board(), stopping_, 1, holder);
    const auto report = executor.RunNext();
    return report.ok() ? *report : std::nullopt;
  }

  // As if the holder had been silent for the lease's time.
  absl::Status ExpireLeases() {
    return fixture_.database().RunInTransaction(
        {}, [](sql::Tx& tx) { return tx.Execute(kExpireLeases, {}).status(); });
  }

  RunRecord Record(const std::string& run_id) {
    return ReadIn(fixture_.database(), {}, [&](sql::Tx& tx) { return FindRun(tx, run_id); })
        .value()
        .value();
  }

  size_t ScoreCount(const RunRecord& run) {
    return ReadIn(fixture_.database(), {},
                  [&](sql::Tx& tx) { return ListScores(tx, run.run_no, {.limit = 1000}); })
        .value()
        .size();
  }

  ApiFixture fixture_;
  std::atomic<bool> stopping_ = false;
};

TEST_F(RunLeaseTest, LeavesARunToTheProcessThatHasTheLease) {
  fixture_.DeliverShop(kShopCustomers);
  const std::string run_id = fixture_.StartRun(GrowthSpec());
  RunLease lease(fixture_.database(), "first", fixture_.record_clock());
  ASSERT_EQ(lease.Take(), absl::StatusOr<bool>(true));
  EXPECT_FALSE(RunAs("second", fixture_.database()).has_value());
  EXPECT_EQ(Record(run_id).state, RunState::kPending);
  EXPECT_EQ(Record(run_id).attempt_count, 0);
  lease.GiveBack();
  EXPECT_EQ(RunAs("second", fixture_.database())->state, RunState::kSucceeded);
}

TEST_F(RunLeaseTest, CommitsNothingAfterAnotherProcessHasTakenOver) {
  RunLease first(fixture_.database(), "first", fixture_.record_clock());
  RunLease second(fixture_.database(), "second", fixture_.record_clock());
  ASSERT_TRUE(first.Take().value());
  ASSERT_TRUE(ExpireLeases().ok());
  ASSERT_TRUE(second.Take().value());
  const auto work = [](sql::Tx&) { return absl::OkStatus(); };
  EXPECT_EQ(first.Write(work).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(second.Write(work), absl::OkStatus());
  first.GiveBack();
  EXPECT_EQ(second.Write(work), absl::OkStatus()) << "what is lost cannot be given back";
}

TEST_F(RunLeaseTest, ARunThatIsTakenOverAnywhereSucceedsOnceWithEveryScoreOnce) {
  fixture_.DeliverShop(kShopCustomers);
  for (int number = 4; number < kTransactionsMin; ++number) {
    const std::string run_id = fixture_.StartRun(GrowthSpec());
    int count = 0;
    std::optional<RunReport> report_of_second;
    HookedDatabase database(fixture_.database(), [&]() -> absl::Status {
      if (++count == number) {
        EXPECT_TRUE(ExpireLeases().ok());
        report_of_second = RunAs("second", fixture_.database());
      }
      return absl::OkStatus();
    });
    const std::optional<RunReport> report_of_first = RunAs("first", database);
    EXPECT_FALSE(report_of_first.has_value() && report_of_first->state == RunState::kSucceeded)
        << number;
    ASSERT_TRUE(report_of_second.has_value()) << number;
    EXPECT_EQ(report_of_second->state, RunState::kSucceeded) << number;
    EXPECT_EQ(Record(run_id).state, RunState::kSucceeded) << number;
    EXPECT_EQ(ScoreCount(Record(run_id)), static_cast<size_t>(kShopCustomers)) << number;
  }
}

}  // namespace
}  // namespace clientele::segmentation
