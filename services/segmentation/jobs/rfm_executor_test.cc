#include "services/segmentation/jobs/rfm_executor.h"

#include <atomic>
#include <optional>
#include <string>

#include "common/sql/transaction.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "services/segmentation/api/handlers/rfm_runs.h"
#include "services/segmentation/api/handlers/rfm_scores.h"
#include "services/segmentation/limits.h"
#include "services/segmentation/store/rfm_run_store.h"
#include "services/segmentation/store/rfm_score_store.h"
#include "services/segmentation/testing/api_fixture.h"
#include "services/segmentation/testing/hooked_database.h"

namespace clientele::segmentation {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kShopCustomers = 60;

class RfmExecutorTest : public ::testing::Test {
 protected:
  RunRecord Record(const std::string& run_id) {
    return ReadIn(fixture_.database(), {}, [&](sql::Tx& tx) { return FindRun(tx, run_id); })
        .value()
        .value();
  }

  size_t ScoreCount(const std::string& run_id) {
    const RunNo run_no = Record(run_id).run_no;
    return ReadIn(fixture_.database(), {},
                  [&](sql::Tx& tx) { return ListScores(tx, run_no, {.limit = 1000}); })
        .value()
        .size();
  }

  // Runs once on a database with `before`; nullopt when the end could not be stored.
  std::optional<RunReport> RunWith(std::function<absl::Status()> before) {
    HookedDatabase database(fixture_.database(), std::move(before));
    RfmExecutor executor(database, fixture_.record_clock(), fixture_.board(), stopping_, 1,
                         "local");
    const auto report = executor.RunNext();
    return report.ok() ? *report : std::nullopt;
  }

  // Calls `act` before transaction number `number`, from 1.
  static std::function<absl::Status()> At(int number, std::function<absl::Status()> act) {
    return [number, act = std::move(act), count = 0]() mutable {
      return ++count == number ? act() : absl::OkStatus();
    };
  }

  ApiFixture fixture_;
  std::atomic<bool> stopping_ = false;
};

std::string ReasonOf(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  return status.details_size() > 0 && status.details(0).UnpackTo(&info) ? info.reason() : "";
}

TEST_F(RfmExecutorTest, ScoresEveryCustomerAndKeepsWhatItFound) {
  fixture_.DeliverShop(kShopCustomers);
  fixture_.Deliver({CustomerCreated("c-none", NoonOf(1)), CustomerCreated("c-gone", NoonOf(1)),
                    PurchaseRecorded({"c-gone", 9000, NoonOf(9), 100}),
                    CustomerDeleted("c-gone", NoonOf(10))});
  const std::string run_id = fixture_.StartRun(GrowthSpec());
  EXPECT_EQ(fixture_.GetRun(run_id).job().state(), common::v1::JOB_STATE_PENDING);
  const RunReport report = fixture_.RunNext();
  ASSERT_EQ(report.error, absl::OkStatus());
  EXPECT_EQ(report.customer_count, kShopCustomers);

  const v1::RfmRun run = fixture_.GetRun(run_id);
  EXPECT_EQ(run.job().state(), common::v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(run.job().phase(), "writing");
  EXPECT_EQ(run.job().done_count(), kShopCustomers);
  EXPECT_EQ(run.customer_count(), kShopCustomers);
  EXPECT_EQ(run.spec().currency_code(), "GBP") << "the only one of the log";
  EXPECT_EQ(run.as_of_date(), "2011-12-10");
  EXPECT_EQ(run.edges().recency_days_size(), 4);
  EXPECT_THAT(run.failed_gates(), IsEmpty());
  EXPECT_EQ(run.input_positions_size(), 16);
  ASSERT_EQ(run.exclusions_size(), 2);
  EXPECT_EQ(run.exclusions(0).reason(), "NO_PURCHASE");
  EXPECT_EQ(run.exclusions(0).customer_count(), 1);
  EXPECT_EQ(run.exclusions(1).reason(), "DELETED");
  EXPECT_EQ(run.segments_size(), 11);
  int64_t customers = 0;
  int64_t orders = 0;
  for (const v1::RfmSegmentTotal& segment : run.segments()) {
    customers += segment.customer_count();
    orders += segment.order_count();
  }
  EXPECT_EQ(customers, kShopCustomers + 1) << "c-none is a prospect";
  int64_t matrix = 0;
  for (const v1::RfmMatrixCell& cell : run.matrix()) {
    matrix += cell.customer_count();
  }
  EXPECT_EQ(matrix, kShopCustomers);
  ASSERT_EQ(run.top_customers_size(), kTopCustomers);
  EXPECT_GE(run.top_customers(0).monetary_minor(), run.top_customers(1).monetary_minor());
  EXPECT_EQ(ScoreCount(run_id), static_cast<size_t>(kShopCustomers));
}

TEST_F(RfmExecutorTest, GivesCustomersOutOfTheWindowARowWithoutScores) {
  fixture_.DeliverShop(kShopCustomers);
  fixture_.Deliver(
      {CustomerCreated("c-old", NoonOf(1)), PurchaseRecorded({"c-old", 9000, NoonOf(-400), 100})});
  v1::RfmModelSpec spec = GrowthSpec();
  spec.set_window_days(365);
  const std::string run_id = fixture_.StartRun(spec);
  ASSERT_EQ(fixture_.RunNext().error, absl::OkStatus());
  rpc::CallContext call = fixture_.Call();
  v1::ExplainScoreRequest request;
  request.set_customer_id("c-old");
  const auto explanation = RfmScores(fixture_.api()).Explain(call, request);
  ASSERT_TRUE(explanation.ok()) << explanation.status();
  EXPECT_TRUE(explanation->score().out_of_window());
  EXPECT_EQ(explanation->score().segment(), "DORMANT");
  EXPECT_EQ(explanation->score().cell(), "");
  EXPECT_EQ(explanation->segment().outcome(), "DORMANT");
  EXPECT_EQ(fixture_.GetRun(run_id).exclusions(0).reason(), "OUT_OF_WINDOW");
}

TEST_F(RfmExecutorTest, FailsWhenTheDataCannotSupportIt) {
  fixture_.DeliverShop(kShopCustomers);
  v1::RfmModelSpec spec = GrowthSpec();
  spec.mutable_gates()->set_buyers_min(kShopCustomers + 1);
  const std::string run_id = fixture_.StartRun(spec);
  EXPECT_EQ(fixture_.RunNext().state, RunState::kFailed);
  const v1::RfmRun run = fixture_.GetRun(run_id);
  EXPECT_EQ(run.job().state(), common::v1::JOB_STATE_FAILED);
  EXPECT_EQ(ReasonOf(run.job().error()), "INSUFFICIENT_DATA");
  EXPECT_TRUE(run.job().has_end_time());
  EXPECT_EQ(ScoreCount(run_id), 0u);
}

TEST_F(RfmExecutorTest, RunsByForceAndListsTheFailedGates) {
  fixture_.DeliverShop(kShopCustomers);
  v1::RfmModelSpec spec = GrowthSpec();
  spec.mutable_gates()->set_buyers_min(500);
  const std::string run_id = fixture_.StartRun(spec, true);
  EXPECT_EQ(fixture_.RunNext().state, RunState::kSucceeded);
  const v1::RfmRun run = fixture_.GetRun(run_id);
  EXPECT_TRUE(run.forced());
  ASSERT_EQ(run.failed_gates_size(), 1);
  EXPECT_EQ(run.failed_gates(0).gate(), "BUYERS");
  EXPECT_EQ(run.failed_gates(0).actual(), kShopCustomers);
  EXPECT_EQ(run.failed_gates(0).required(), 500);
}

TEST_F(RfmExecutorTest, FailsEvenByForceWithoutABuyer) {
  fixture_.Deliver({CustomerCreated("c-1", NoonOf(1))});
  v1::RfmModelSpec spec = GrowthSpec();
  spec.set_currency_code("GBP");
  const std::string run_id = fixture_.StartRun(spec, true);
  EXPECT_EQ(fixture_.RunNext().state, RunState::kFailed);
  EXPECT_EQ(ReasonOf(fixture_.GetRun(run_id).job().error()), "INSUFFICIENT_DATA");
}

TEST_F(RfmExecutorTest, SaysThatThereAreNoBuyersAndAsksForNoCurrencyWithoutAnyOrder) {
  for (const bool has_customer : {false, true}) {
    if (has_customer) {
      fixture_.Deliver({CustomerCreated("c-1", NoonOf(1))});
    }
    v1::RfmModelSpec spec = GrowthSpec();
    spec.mutable_gates()->set_buyers_min(700);
    const std::string run_id = fixture_.StartRun(spec);
    EXPECT_EQ(fixture_.RunNext().state, RunState::kFailed);
    const google::rpc::Status error = fixture_.GetRun(run_id).job().error();
    EXPECT_EQ(ReasonOf(error), "INSUFFICIENT_DATA");
    EXPECT_THAT(error.message(), ::testing::HasSubstr("only 0 buyers; 700 are required"));
  }
}

TEST_F(RfmExecutorTest, AsksForTheCurrencyUnlessThereIsOnlyOne) {
  fixture_.DeliverShop(kShopCustomers);
  fixture_.Deliver({PurchaseRecorded({"c-001", 9000, NoonOf(9), 100, "USD", "till"})});
  const std::string run_id = fixture_.StartRun(GrowthSpec());
  EXPECT_EQ(fixture_.RunNext().state, RunState::kFailed);
  EXPECT_EQ(ReasonOf(fixture_.GetRun(run_id).job().error()), "CURRENCY_REQUIRED");

  v1::RfmModelSpec of_source = GrowthSpec();
  of_source.set_source_system("shop");
  const std::string second = fixture_.StartRun(of_source);
  EXPECT_EQ(fixture_.RunNext().state, RunState::kSucceeded);
  EXPECT_EQ(fixture_.GetRun(second).spec().currency_code(), "GBP");
}

TEST_F(RfmExecutorTest, DoesRunsInTheOrderInWhichTheyWereAccepted) {
  fixture_.DeliverShop(kShopCustomers);
  const std::string first = fixture_.StartRun(GrowthSpec());
  const std::string second = fixture_.StartRun(GrowthSpec());
  EXPECT_EQ(fixture_.RunNext().run_id, first);
  EXPECT_EQ(fixture_.RunNext().run_id, second);
  EXPECT_FALSE(RunWith([] { return absl::OkStatus(); }).has_value());
}

TEST_F(RfmExecutorTest, ACancelAtAnyMomentLeavesNoScores) {
  fixture_.DeliverShop(kShopCustomers);
  int cancelled_count = 0;
  for (int number = 1;; ++number) {
    const std::string run_id = fixture_.StartRun(GrowthSpec());
    const auto cancel = [&] {
      rpc::CallContext call = fixture_.Call();
      v1::CancelRunRequest request;
      request.set_run_id(run_id);
      return RfmRuns(fixture_.api()).Cancel(call, request).status();
    };
    RunWith(At(number, cancel));
    if (Record(run_id).state == RunState::kSucceeded) {
      break;  // there are no more than `number` transactions
    }
    EXPECT_EQ(Record(run_id).state, RunState::kCancelled) << number;
    EXPECT_EQ(ScoreCount(run_id), 0u) << number;
    ++cancelled_count;
  }
  EXPECT_GT(cancelled_count, 5);
}

TEST_F(RfmExecutorTest, BeginsAgainAfterAStopAtAnyMoment) {
  fixture_.DeliverShop(kShopCustomers);
  int stopped_count = 0;
  for (int number = 1;; ++number) {
    const std::string run_id = fixture_.StartRun(GrowthSpec());
    stopping_ = false;
    RunWith(At(number, [this] {
      stopping_ = true;
      return absl::OkStatus();
    }));
    const bool was_stopped = Record(run_id).state != RunState::kSucceeded;
    stopped_count += was_stopped ? 1 : 0;
    if (was_stopped) {
      EXPECT_EQ(Record(run_id).attempt_count, 0) << number << ": a shutdown costs no attempt";
      EXPECT_EQ(fixture_.RunNext().run_id, run_id);
    }
    EXPECT_EQ(Record(run_id).state, RunState::kSucceeded) << number;
    EXPECT_EQ(ScoreCount(run_id), static_cast<size_t>(kShopCustomers)) << number;
    if (!was_stopped) {
      break;
    }
  }
  EXPECT_GT(stopped_count, 5);
}

TEST_F(RfmExecutorTest, TriesAgainWhenTheDatabaseIsAwayForAMoment) {
  fixture_.DeliverShop(kShopCustomers);
  const auto away = [] { return absl::UnavailableError("away"); };
  for (int number = 2;; ++number) {
    const std::string run_id = fixture_.StartRun(GrowthSpec());
    const std::optional<RunReport> report = RunWith(At(number, away));
    if (Record(run_id).state == RunState::kSucceeded && report.has_value() && report->error.ok()) {
      break;
    }
    EXPECT_EQ(fixture_.RunNext().run_id, run_id) << number;
    EXPECT_EQ(ScoreCount(run_id), static_cast<size_t>(kShopCustomers)) << number;
  }
}

TEST_F(RfmExecutorTest, FailsARunThatMeetsTheSameFaultEveryTime) {
  fixture_.DeliverShop(kShopCustomers);
  const std::string run_id = fixture_.StartRun(GrowthSpec());
  const absl::Status away =
      ErrorBuilder(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "away").Build();
  int count = 0;
  HookedDatabase database(fixture_.database(),
                          [&] { return ++count == 6 ? away : absl::OkStatus(); });
  RfmExecutor executor(database, fixture_.record_clock(), fixture_.board(), stopping_, 1, "local");
  for (int attempt = 1; attempt < kRunAttemptsMax; ++attempt) {
    count = 0;
    EXPECT_EQ(executor.RunNext().value()->state, RunState::kRunning);
  }
  count = 0;
  EXPECT_EQ(executor.RunNext().value()->state, RunState::kFailed);
  EXPECT_EQ(ReasonOf(fixture_.GetRun(run_id).job().error()), "DATABASE_UNAVAILABLE");
}

TEST_F(RfmExecutorTest, ACancelIsHeededAlsoWhenTheAttemptsAreUsedUp) {
  fixture_.DeliverShop(kShopCustomers);
  const std::string run_id = fixture_.StartRun(GrowthSpec());
  const RunNo run_no = Record(run_id).run_no;
  for (int attempt = 1; attempt <= kRunAttemptsMax; ++attempt) {
    ASSERT_TRUE(WriteIn(fixture_.database(), {}, [&](sql::Tx& tx) {
                  return TakeAttempt(tx, run_no);
                }).ok());
  }
  ASSERT_EQ(fixture_.database().RunInTransaction(
                {}, [&](sql::Tx& tx) { return RequestCancel(tx, run_no); }),
            absl::OkStatus());
  EXPECT_EQ(fixture_.RunNext().state, RunState::kCancelled);
}

TEST_F(RfmExecutorTest, ShowsHowFarTheRunUnderWayIs) {
  fixture_.DeliverShop(kShopCustomers);
  const std::string run_id = fixture_.StartRun(GrowthSpec());
  std::vector<std::string> phases;
  RunWith([&] {
    const v1::RfmRun run = fixture_.GetRun(run_id);
    if (run.job().state() == common::v1::JOB_STATE_RUNNING &&
        (phases.empty() || phases.back() != run.job().phase())) {
      phases.push_back(run.job().phase());
    }
    return absl::OkStatus();
  });
  EXPECT_THAT(phases, ::testing::ElementsAre("loading", "scoring", "writing"));
}

}  // namespace
}  // namespace clientele::segmentation
