// Runs that end the process: real ones, on a database file.

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "common/sql/transaction.h"
#include "common/time/clock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "services/segmentation/api/converters/model_converter.h"
#include "services/segmentation/jobs/rfm_executor.h"
#include "services/segmentation/limits.h"
#include "services/segmentation/testing/hooked_database.h"
#include "services/segmentation/testing/test_database.h"

namespace clientele::segmentation {
namespace {

constexpr int kKilled = 137;

class RfmAttemptsDeathTest : public ::testing::Test {
 protected:
  RfmAttemptsDeathTest() {
    std::string folder = ::testing::TempDir() + "rfm_attempts_XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
  }
  ~RfmAttemptsDeathTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<sql::Database> Open() { return OpenTestDatabase(folder_ + "/segmentation.db"); }

  void AddRun(const std::string& run_id) {
    RfmModelSpec spec;
    const NewRun run{.run_id = run_id,
                     .model_id = "shop",
                     .model_version = 1,
                     .spec_bytes = SpecToBytes(spec),
                     .as_of = absl::CivilDay(2011, 12, 10),
                     .as_of_time = absl::UnixEpoch(),
                     .create_time = absl::UnixEpoch()};
    ASSERT_TRUE(WriteIn(*Open(), {}, [&](sql::Tx& tx) { return InsertRun(tx, run); }).ok());
  }

  RunRecord Record(const std::string& run_id) {
    return ReadIn(*Open(), {}, [&](sql::Tx& tx) { return FindRun(tx, run_id); }).value().value();
  }

  // Does the next run in this process, which ends before transaction number `fatal`, from 1.
  RunReport RunNext(int fatal) {
    const std::unique_ptr<sql::Database> real = Open();
    int count = 0;
    HookedDatabase database(*real, [&] {
      if (++count == fatal) {
        _exit(kKilled);
      }
      return absl::OkStatus();
    });
    RunBoard board;
    const SystemClock clock;
    const std::atomic<bool> stopping = false;
    return RfmExecutor(database, clock, board, stopping, 1, "local").RunNext().value().value();
  }

  std::string folder_;
};

std::string ReasonOf(const RunRecord& run) {
  google::rpc::Status status;
  google::rpc::ErrorInfo info;
  const bool readable = status.ParseFromString(run.error_bytes) && status.details_size() > 0 &&
                        status.details(0).UnpackTo(&info);
  return readable ? info.reason() : "";
}

TEST_F(RfmAttemptsDeathTest, ARunThatEndsTheProcessEveryTimeFails) {
  AddRun("r-1");
  AddRun("r-2");
  for (int attempt = 1; attempt <= kRunAttemptsMax; ++attempt) {
    // Each at another point after the attempt was counted, so that none of them is special.
    EXPECT_EXIT(RunNext(4 + attempt), ::testing::ExitedWithCode(kKilled), "");
    EXPECT_EQ(Record("r-1").attempt_count, attempt);
  }
  const RunReport report = RunNext(1000);
  EXPECT_EQ(report.run_id, "r-1");
  EXPECT_EQ(report.state, RunState::kFailed);
  EXPECT_EQ(report.attempt_count, kRunAttemptsMax);
  EXPECT_EQ(Record("r-1").state, RunState::kFailed);
  EXPECT_EQ(ReasonOf(Record("r-1")), "RFM_RUN_ATTEMPTS_EXHAUSTED");
  EXPECT_EQ(RunNext(1000).run_id, "r-2") << "the others go on";
}

TEST_F(RfmAttemptsDeathTest, ACrashBeforeAnAttemptCostsNone) {
  AddRun("r-1");
  for (const int fatal : {1, 2, 3, 4}) {
    EXPECT_EXIT(RunNext(fatal), ::testing::ExitedWithCode(kKilled), "");
  }
  EXPECT_EQ(Record("r-1").attempt_count, 0);
}

}  // namespace
}  // namespace clientele::segmentation
