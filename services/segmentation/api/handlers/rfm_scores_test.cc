#include "services/segmentation/api/handlers/rfm_scores.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "services/segmentation/limits.h"
#include "services/segmentation/testing/api_fixture.h"

namespace clientele::segmentation {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;

class RfmScoresTest : public ::testing::Test {
 protected:
  RfmScoresTest() { fixture_.DeliverShop(60); }

  // Starts a run and does it.
  std::string Score() {
    const std::string run_id = fixture_.StartRun(GrowthSpec());
    EXPECT_EQ(fixture_.RunNext().error, absl::OkStatus());
    return run_id;
  }

  absl::StatusOr<v1::RfmScore> Get(const std::string& customer_id, const std::string& run_id = "") {
    v1::GetScoreRequest request;
    request.set_customer_id(customer_id);
    request.set_run_id(run_id);
    return scores_.Get(call_, request);
  }

  int Loads() { return fixture_.process_cache().Reads(cache::Source::kLoad); }

  // Every customer of a list, page by page.
  std::vector<std::string> List(v1::ListScoresRequest request) {
    std::vector<std::string> seen;
    do {
      const auto page = scores_.List(call_, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) {
        break;
      }
      for (const v1::RfmScore& score : page->scores()) {
        seen.push_back(score.customer_id());
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return seen;
  }

  ApiFixture fixture_;
  rpc::CallContext call_ = fixture_.Call();
  RfmScores scores_{fixture_.api()};
};

TEST_F(RfmScoresTest, ReadsTheLatestRunUnlessOneIsNamed) {
  EXPECT_EQ(GetErrorReason(Get("c-001").status()), "RFM_RUN_NOT_FOUND");
  const std::string first = Score();
  const std::string second = Score();
  const auto score = Get("c-001");
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_EQ(score->run_id(), second);
  EXPECT_EQ(score->customer_id(), "c-001");
  EXPECT_EQ(score->frequency(), 2);
  EXPECT_EQ(score->cell(), absl::StrCat(score->recency_score(), score->frequency_score(),
                                        score->monetary_score()));
  EXPECT_EQ(Get("c-001", first)->run_id(), first);
}

TEST_F(RfmScoresTest, ReadsAScoreFromTheDatabaseOnce) {
  const std::string run_id = Score();
  const auto first = Get("c-001");
  EXPECT_EQ(Loads(), 2);  // which run is the latest, and the score
  EXPECT_TRUE(MessageDifferencer::Equals(*Get("c-001"), *first));
  EXPECT_TRUE(MessageDifferencer::Equals(*Get("c-001", run_id), *first));
  EXPECT_EQ(Loads(), 2);
  EXPECT_EQ(GetErrorReason(Get("nobody").status()), "SCORE_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Get("nobody").status()), "SCORE_NOT_FOUND");
  EXPECT_EQ(Loads(), 3);
}

TEST_F(RfmScoresTest, AStrongReadReadsTheDatabase) {
  Score();
  EXPECT_TRUE(Get("c-001").ok());
  v1::GetScoreRequest request;
  request.set_customer_id("c-001");
  request.set_consistency(common::v1::CONSISTENCY_STRONG);
  EXPECT_TRUE(scores_.Get(call_, request).ok());
  EXPECT_EQ(Loads(), 4);
  request.set_consistency(static_cast<common::v1::Consistency>(99));
  EXPECT_THAT(ViolatedFields(scores_.Get(call_, request).status()), ElementsAre("consistency"));
}

TEST_F(RfmScoresTest, WhatIsNotFinishedIsNotRemembered) {
  const std::string pending = fixture_.StartRun(GrowthSpec());
  EXPECT_EQ(GetErrorReason(Get("c-001", pending).status()), "RFM_RUN_NOT_FINISHED");
  EXPECT_EQ(GetErrorReason(Get("c-001").status()), "RFM_RUN_NOT_FOUND");
  fixture_.RunNext();
  EXPECT_TRUE(Get("c-001", pending).ok());
  EXPECT_EQ(Get("c-001")->run_id(), pending);
}

TEST_F(RfmScoresTest, RefusesWhatIsMalformedUnknownOrNotFinished) {
  EXPECT_THAT(ViolatedFields(Get("C", "r-1").status()), ElementsAre("customer_id", "run_id"));
  EXPECT_EQ(GetErrorReason(Get("c-001", MakeRequestId(1)).status()), "RFM_RUN_NOT_FOUND");
  const std::string pending = fixture_.StartRun(GrowthSpec());
  const absl::Status not_finished = Get("c-001", pending).status();
  EXPECT_EQ(not_finished.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(not_finished), "RFM_RUN_NOT_FINISHED");
  EXPECT_EQ(GetErrorDetails(not_finished)->metadata.at("state"), "PENDING");
  fixture_.RunNext();
  const absl::Status nobody = Get("nobody").status();
  EXPECT_EQ(nobody.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorReason(nobody), "SCORE_NOT_FOUND");
  EXPECT_EQ(GetErrorDetails(nobody)->metadata.at("run_id"), pending);
}

TEST_F(RfmScoresTest, ReadsManyInTheOrderAsked) {
  Score();
  v1::BatchGetScoresRequest request;
  for (const std::string id : {"c-009", "nobody", "c-002", "c-009"}) {
    request.add_customer_ids(id);
  }
  const auto response = scores_.BatchGet(call_, request);
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->scores_size(), 3);
  EXPECT_EQ(response->scores(0).customer_id(), "c-009");
  EXPECT_EQ(response->scores(1).customer_id(), "c-002");
  EXPECT_TRUE(MessageDifferencer::Equals(response->scores(1), *Get("c-002")));
  EXPECT_THAT(response->missing_customer_ids(), ElementsAre("nobody"));
}

TEST_F(RfmScoresTest, ListsEveryViolationOfABatch) {
  v1::BatchGetScoresRequest request;
  EXPECT_THAT(ViolatedFields(scores_.BatchGet(call_, request).status()),
              ElementsAre("customer_ids"));
  request.add_customer_ids("ok-1");
  request.add_customer_ids("No");
  request.set_run_id("r-1");
  EXPECT_THAT(ViolatedFields(scores_.BatchGet(call_, request).status()),
              ElementsAre("customer_ids[1]", "run_id"));
  for (int i = 0; i < kBatchScoresMax; ++i) {
    request.add_customer_ids("ok-1");
  }
  request.clear_run_id();
  EXPECT_THAT(ViolatedFields(scores_.BatchGet(call_, request).status()),
              ElementsAre("customer_ids"));
}

TEST_F(RfmScoresTest, ListsARunByCustomerOrOneSegmentOfIt) {
  const std::string run_id = Score();
  v1::ListScoresRequest request;
  request.set_page_size(7);
  const std::vector<std::string> all = List(request);
  EXPECT_EQ(all.size(), 60u);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  size_t in_segments = 0;
  const v1::RfmRun run = fixture_.GetRun(run_id);
  for (const v1::RfmSegmentTotal& segment : run.segments()) {
    request.set_segment(segment.segment());
    const std::vector<std::string> customers = List(request);
    EXPECT_EQ(static_cast<int64_t>(customers.size()), segment.customer_count());
    in_segments += customers.size();
  }
  EXPECT_EQ(in_segments, 60u);
}

TEST_F(RfmScoresTest, LaterPagesOfTheLatestRunStayInTheSameRun) {
  const std::string first = Score();
  v1::ListScoresRequest request;
  request.set_page_size(59);
  const auto page = scores_.List(call_, request);
  Score();
  request.set_page_token(page->next_page_token());
  const auto last = scores_.List(call_, request);
  ASSERT_EQ(last->scores_size(), 1);
  EXPECT_EQ(last->scores(0).run_id(), first);
}

TEST_F(RfmScoresTest, RefusesBadLists) {
  Score();
  v1::ListScoresRequest request;
  request.set_run_id("r-1");
  request.set_page_size(-1);
  request.set_segment(std::string(101, 'x'));
  EXPECT_THAT(ViolatedFields(scores_.List(call_, request).status()),
              ::testing::UnorderedElementsAre("run_id", "page_size", "segment"));
  request.set_page_token("forged");
  EXPECT_THAT(ViolatedFields(scores_.List(call_, request).status()),
              ::testing::UnorderedElementsAre("run_id", "page_size", "segment", "page_token"));
  request.clear_page_token();
  request.clear_run_id();
  request.set_page_size(1);
  request.set_segment("Champions");  // of another rule set
  EXPECT_THAT(ViolatedFields(scores_.List(call_, request).status()), ElementsAre("segment"));
  request.clear_segment();
  const auto page = scores_.List(call_, request);
  request.set_page_token(page->next_page_token());
  request.set_segment("DORMANT");
  EXPECT_EQ(GetErrorReason(scores_.List(call_, request).status()), "INVALID_PAGE_TOKEN");
}

TEST_F(RfmScoresTest, ExplainsWithTheCutPointsOfTheRunAndNotWithTheLogOfToday) {
  Score();
  v1::ExplainScoreRequest request;
  request.set_customer_id("c-001");
  const auto before = scores_.Explain(call_, request);
  ASSERT_TRUE(before.ok()) << before.status();
  fixture_.Deliver({PurchaseRecorded({"c-001", 9000, NoonOf(300), 99999})});
  const auto explanation = scores_.Explain(call_, request);
  EXPECT_TRUE(MessageDifferencer::Equals(*before, *explanation));
  EXPECT_TRUE(MessageDifferencer::Equals(explanation->score(), *Get("c-001")));
  EXPECT_EQ(explanation->segment().subject(), "customer c-001");
  EXPECT_EQ(explanation->segment().rule().id(), "growth-11");
  EXPECT_EQ(explanation->segment().outcome(),
            absl::StrCat(explanation->score().segment(), " ", explanation->score().cell()));
  ASSERT_EQ(explanation->dimensions_size(), 3);
  EXPECT_EQ(explanation->dimensions(1).rule().id(), "shop");
  EXPECT_EQ(explanation->dimensions(1).outcome(),
            absl::StrCat("F ", explanation->score().frequency_score()));
  EXPECT_EQ(explanation->dimensions(1).checks_size(), 4);

  request.set_customer_id("nobody");
  EXPECT_EQ(GetErrorReason(scores_.Explain(call_, request).status()), "SCORE_NOT_FOUND");
  request.set_customer_id("");
  EXPECT_THAT(ViolatedFields(scores_.Explain(call_, request).status()), ElementsAre("customer_id"));
}

}  // namespace
}  // namespace clientele::segmentation
