#include "services/segmentation/jobs/rfm_runner.h"

#include <condition_variable>
#include <mutex>
#include <vector>

#include "common/sql/transaction.h"
#include "gtest/gtest.h"
#include "services/segmentation/store/rfm_run_store.h"
#include "services/segmentation/testing/api_fixture.h"

namespace clientele::segmentation {
namespace {

// Remembers reports and lets a test wait for them.
class Reports {
 public:
  void Take(const RunReport& report) {
    const std::lock_guard<std::mutex> lock(mutex_);
    reports_.push_back(report);
    changed_.notify_all();
  }

  // The first `count` reports, waiting for them.
  std::vector<RunReport> WaitFor(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return reports_.size() >= count; });
    return reports_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<RunReport> reports_;
};

class RfmRunnerTest : public ::testing::Test {
 protected:
  RfmRunner MakeRunner() {
    return RfmRunner({}, fixture_.database(), fixture_.record_clock(), fixture_.board(),
                     [this](const RunReport& report) { reports_.Take(report); });
  }

  ApiFixture fixture_;
  Reports reports_;
};

TEST_F(RfmRunnerTest, DoesWhatWaitsAtItsStartAndWhatItIsPokedFor) {
  fixture_.DeliverShop(60);
  const std::string first = fixture_.StartRun(GrowthSpec());
  RfmRunner runner = MakeRunner();
  runner.Start();
  EXPECT_EQ(reports_.WaitFor(1)[0].run_id, first);
  const std::string second = fixture_.StartRun(GrowthSpec());
  runner.Poke();
  const RunReport report = reports_.WaitFor(2)[1];
  EXPECT_EQ(report.run_id, second);
  EXPECT_EQ(report.state, RunState::kSucceeded);
  runner.Stop();
  runner.Stop();
}

TEST_F(RfmRunnerTest, TakesUpWhatAnEarlierProcessLeftRunning) {
  fixture_.DeliverShop(60);
  const std::string run_id = fixture_.StartRun(GrowthSpec());
  const auto begin = [&](sql::Tx& tx) -> absl::StatusOr<bool> {
    const auto run = FindRun(tx, run_id);
    return BeginRun(tx, (*run)->run_no, absl::Now(), (*run)->request.spec_bytes);
  };
  ASSERT_TRUE(WriteIn(fixture_.database(), {}, begin).value());
  RfmRunner runner = MakeRunner();
  runner.Start();
  EXPECT_EQ(reports_.WaitFor(1)[0].state, RunState::kSucceeded);
}

TEST_F(RfmRunnerTest, StopsWithoutHavingBeenStarted) { MakeRunner().Stop(); }

}  // namespace
}  // namespace clientele::segmentation
