#include "services/segmentation/api/handlers/rfm_runs.h"

#include <string>
#include <vector>

#include "common/sql/transaction.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "gtest/gtest.h"
#include "services/segmentation/limits.h"
#include "services/segmentation/store/rfm_run_store.h"
#include "services/segmentation/testing/api_fixture.h"

namespace clientele::segmentation {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;

class RfmRunsTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::RfmRun> Start(const std::string& model_id, const std::string& as_of_date,
                                   const std::string& request_id = "", int64_t version = 0) {
    v1::StartRunRequest request;
    request.set_request_id(request_id);
    request.set_model_id(model_id);
    request.set_model_version(version);
    request.set_as_of_date(as_of_date);
    call_ = fixture_.Call();
    return RfmRuns(fixture_.api()).Start(call_, request);
  }

  absl::StatusOr<v1::RfmRun> Get(const std::string& run_id) {
    v1::GetRunRequest request;
    request.set_run_id(run_id);
    return RfmRuns(fixture_.api()).Get(call_, request);
  }

  absl::StatusOr<v1::RfmRun> Cancel(const std::string& run_id, const std::string& request_id = "") {
    v1::CancelRunRequest request;
    request.set_request_id(request_id);
    request.set_run_id(run_id);
    call_ = fixture_.Call();
    return RfmRuns(fixture_.api()).Cancel(call_, request);
  }

  ApiFixture fixture_;
  rpc::CallContext call_ = fixture_.Call();
};

TEST_F(RfmRunsTest, AcceptsARunAndPokesTheRunner) {
  v1::RfmModelSpec spec = GrowthSpec();
  spec.set_time_zone("Asia/Shanghai");
  const std::string run_id = fixture_.StartRun(spec);
  EXPECT_EQ(fixture_.poke_count(), 1);
  const auto run = Get(run_id);
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->model_id(), "shop");
  EXPECT_EQ(run->model_version(), 1);
  EXPECT_EQ(run->job().state(), common::v1::JOB_STATE_PENDING);
  EXPECT_EQ(google::protobuf::util::TimeUtil::ToString(run->as_of_time()), "2011-12-09T16:00:00Z");
}

TEST_F(RfmRunsTest, ARepeatedStartIsOneRun) {
  fixture_.StartRun(GrowthSpec());
  const std::string id = MakeRequestId(1);
  const auto first = Start("shop", "2011-12-10", id);
  const auto again = Start("shop", "2011-12-10", id);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(call_.replayed);
  EXPECT_TRUE(MessageDifferencer::Equals(*first, *again));
  EXPECT_EQ(GetErrorReason(Start("shop", "2011-12-11", id).status()), "REQUEST_ID_REUSED");
}

TEST_F(RfmRunsTest, ListsEveryViolation) {
  EXPECT_THAT(ViolatedFields(Start("S", "10.12.2011", "x", -1).status()),
              ElementsAre("request_id", "model_id", "model_version", "as_of_date"));
  EXPECT_THAT(ViolatedFields(Start("shop", "1899-12-31").status()), ElementsAre("as_of_date"));
  EXPECT_THAT(ViolatedFields(Start("shop", "2200-01-02").status()), ElementsAre("as_of_date"));
  EXPECT_THAT(ViolatedFields(Get("r-1").status()), ElementsAre("run_id"));
  EXPECT_THAT(ViolatedFields(Cancel("", "x").status()), ElementsAre("request_id", "run_id"));
  v1::ListRunsRequest list;
  list.set_page_size(-1);
  EXPECT_THAT(ViolatedFields(RfmRuns(fixture_.api()).List(call_, list).status()),
              ElementsAre("page_size"));
  list.set_page_size(0);
  list.set_page_token("forged");
  EXPECT_EQ(GetErrorReason(RfmRuns(fixture_.api()).List(call_, list).status()),
            "INVALID_PAGE_TOKEN");
  list.set_page_size(-1);
  EXPECT_THAT(ViolatedFields(RfmRuns(fixture_.api()).List(call_, list).status()),
              ElementsAre("page_size", "page_token"));
}

TEST_F(RfmRunsTest, KnowsNoRunAndNoModelThatIsNotThere) {
  EXPECT_EQ(GetErrorReason(Start("nobody", "2011-12-10").status()), "RFM_MODEL_NOT_FOUND");
  fixture_.StartRun(GrowthSpec());
  EXPECT_EQ(GetErrorReason(Start("shop", "2011-12-10", "", 2).status()), "RFM_MODEL_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Get(MakeRequestId(1)).status()), "RFM_RUN_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Cancel(MakeRequestId(1)).status()), "RFM_RUN_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Get("").status()), "RFM_RUN_NOT_FOUND") << "none has succeeded";
}

TEST_F(RfmRunsTest, RefusesMoreRunsThanMayWait) {
  const std::string run_id = fixture_.StartRun(GrowthSpec());
  for (int64_t i = 1; i < kWaitingRunsMax; ++i) {
    ASSERT_TRUE(Start("shop", "2011-12-10").ok());
  }
  const absl::Status status = Start("shop", "2011-12-10").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorReason(status), "OVERLOADED");
  ASSERT_TRUE(Cancel(run_id).ok());
  EXPECT_TRUE(Start("shop", "2011-12-10").ok());
}

TEST_F(RfmRunsTest, CancelsWhatWaitsAtOnceAndAsksWhatRuns) {
  const std::string waiting = fixture_.StartRun(GrowthSpec());
  const auto cancelled = Cancel(waiting);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->job().state(), common::v1::JOB_STATE_CANCELLED);
  EXPECT_TRUE(cancelled->job().has_end_time());

  const std::string running = fixture_.StartRun(GrowthSpec());
  const auto begin = [&](sql::Tx& tx) -> absl::StatusOr<bool> {
    const auto run = FindRun(tx, running);
    return BeginRun(tx, (*run)->run_no, NoonOf(1), (*run)->request.spec_bytes);
  };
  ASSERT_TRUE(WriteIn(fixture_.database(), {}, begin).value());
  const auto asked = Cancel(running, MakeRequestId(7));
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->job().state(), common::v1::JOB_STATE_RUNNING);
  EXPECT_TRUE(asked->job().cancel_requested());
  EXPECT_TRUE(Cancel(running).ok()) << "asking twice is allowed";
  EXPECT_EQ(fixture_.RunNext().state, RunState::kCancelled);
}

TEST_F(RfmRunsTest, AnswersAReplayBeforeTheStateAndTheStateAfterTheArguments) {
  const std::string run_id = fixture_.StartRun(GrowthSpec());
  ASSERT_TRUE(Cancel(run_id, MakeRequestId(1)).ok());
  EXPECT_TRUE(Cancel(run_id, MakeRequestId(1)).ok());
  EXPECT_TRUE(call_.replayed);
  const absl::Status ended = Cancel(run_id, MakeRequestId(2)).status();
  EXPECT_EQ(ended.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(ended), "RFM_RUN_ENDED");
  EXPECT_EQ(GetErrorDetails(ended)->metadata.at("state"), "CANCELLED");
  EXPECT_THAT(ViolatedFields(Cancel(run_id, "x").status()), ElementsAre("request_id"));
}

TEST_F(RfmRunsTest, ListsRunsNewestFirstWithoutTheirLongParts) {
  fixture_.DeliverShop(60);
  std::vector<std::string> started;
  for (int i = 0; i < 3; ++i) {
    started.push_back(fixture_.StartRun(GrowthSpec()));
  }
  fixture_.RunNext();
  std::vector<std::string> seen;
  v1::ListRunsRequest request;
  request.set_page_size(2);
  do {
    const auto page = RfmRuns(fixture_.api()).List(call_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::RfmRun& run : page->runs()) {
      seen.push_back(run.run_id());
      EXPECT_EQ(run.segments_size() + run.matrix_size() + run.top_customers_size(), 0);
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre(started[2], started[1], started[0]));
  EXPECT_EQ(Get("")->run_id(), started[0]) << "the latest that succeeded";
  EXPECT_GT(Get("")->segments_size(), 0);
}

}  // namespace
}  // namespace clientele::segmentation
