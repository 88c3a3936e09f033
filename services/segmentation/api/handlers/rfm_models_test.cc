#include "services/segmentation/api/handlers/rfm_models.h"

#include <string>
#include <vector>

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "services/segmentation/testing/api_fixture.h"

namespace clientele::segmentation {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class RfmModelsTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::RfmModel> Publish(const std::string& model_id, const v1::RfmModelSpec& spec,
                                       const std::string& request_id = "") {
    v1::PublishRfmModelRequest request;
    request.set_model_id(model_id);
    request.set_request_id(request_id);
    *request.mutable_spec() = spec;
    call_ = fixture_.Call();
    return RfmModels(fixture_.api()).Publish(call_, request);
  }

  absl::StatusOr<v1::RfmModel> Get(const std::string& model_id, int64_t version) {
    v1::GetRfmModelRequest request;
    request.set_model_id(model_id);
    request.set_version(version);
    call_ = fixture_.Call();
    return RfmModels(fixture_.api()).Get(call_, request);
  }

  ApiFixture fixture_;
  rpc::CallContext call_;
};

TEST_F(RfmModelsTest, PublishesWithEveryDefaultFilledIn) {
  const auto model = Publish("shop", GrowthSpec());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->version(), 1);
  EXPECT_TRUE(model->has_create_time());
  EXPECT_EQ(model->spec().bins(), 5);
  EXPECT_EQ(model->spec().tie_policy(), v1::RFM_TIE_POLICY_LOW);
  EXPECT_EQ(model->spec().time_zone(), "UTC");
  EXPECT_EQ(model->spec().currency_code(), "");
  EXPECT_EQ(model->spec().gates().buyers_min(), 20);
  EXPECT_EQ(model->spec().gates().history_days_min(), 180);
  EXPECT_TRUE(MessageDifferencer::Equals(*Get("shop", 1), *model));
}

TEST_F(RfmModelsTest, ASpecWithItsDefaultsSpelledOutIsTheSameSpec) {
  const auto first = Publish("shop", GrowthSpec());
  const auto again = Publish("shop", first->spec());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->version(), 1);
}

TEST_F(RfmModelsTest, EachMethodComesBackAsItWasPublished) {
  v1::RfmModelSpec fixed = GrowthSpec();
  fixed.set_method(v1::RFM_METHOD_FIXED);
  fixed.set_monetary(v1::RFM_MONETARY_AVERAGE);
  fixed.set_currency_code("JPY");
  fixed.set_source_system("shop");
  fixed.set_merge_same_day(true);
  fixed.set_window_days(365);
  fixed.set_time_zone("Europe/London");
  fixed.set_tie_policy(v1::RFM_TIE_POLICY_HIGH);
  for (const double edge : {1, 2, 3, 4}) {
    fixed.mutable_edges()->add_recency_days(edge);
    fixed.mutable_edges()->add_frequency(edge);
    fixed.mutable_edges()->add_monetary_minor(edge + 0.5);
  }
  v1::RfmModelSpec split = GrowthSpec();
  split.set_method(v1::RFM_METHOD_MEAN_SPLIT);
  split.set_monetary(v1::RFM_MONETARY_NET);
  split.set_rule_set_id("classic-8");
  split.set_centre(v1::RFM_CENTRE_MEDIAN);
  split.set_centre_on_scores(true);
  v1::RfmModelSpec r_rfm = GrowthSpec();
  r_rfm.set_method(v1::RFM_METHOD_R_RFM);
  r_rfm.set_rule_set_id("r-rfm-10");
  for (const v1::RfmModelSpec& spec : {fixed, split, r_rfm}) {
    const auto model = Publish("shop", spec);
    ASSERT_TRUE(model.ok()) << model.status();
    MessageDifferencer differencer;
    differencer.set_scope(MessageDifferencer::PARTIAL);
    EXPECT_TRUE(differencer.Compare(spec, model->spec())) << model->spec().ShortDebugString();
  }
  EXPECT_EQ(Get("shop", 0)->version(), 3);
  EXPECT_EQ(Get("shop", 2)->spec().bins(), 2);
}

TEST_F(RfmModelsTest, ARepeatedRequestGetsItsFirstAnswer) {
  const std::string id = MakeRequestId(1);
  const auto first = Publish("shop", GrowthSpec(), id);
  v1::RfmModelSpec other = GrowthSpec();
  other.set_bins(5);
  other.set_window_days(90);
  ASSERT_EQ(Publish("shop", other)->version(), 2);
  const auto again = Publish("shop", GrowthSpec(), id);
  EXPECT_TRUE(call_.replayed);
  EXPECT_TRUE(MessageDifferencer::Equals(*again, *first));
  EXPECT_EQ(GetErrorReason(Publish("shop", other, id).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Get("shop", 0)->version(), 2);
}

TEST_F(RfmModelsTest, ListsEveryViolationOfARequest) {
  v1::RfmModelSpec spec;
  spec.set_bins(11);
  spec.set_window_days(-1);
  spec.set_time_zone("Mars/Olympus");
  spec.set_currency_code("gbp");
  spec.set_source_system("Shop!");
  spec.set_rule_set_id("growth-12");
  spec.mutable_gates()->set_repeat_buyers_bp_min(10001);
  spec.mutable_gates()->set_buyers_min(-1);
  EXPECT_THAT(ViolatedFields(Publish("S", spec, "x").status()),
              UnorderedElementsAre("request_id", "model_id", "spec.method", "spec.monetary",
                                   "spec.window_days", "spec.time_zone", "spec.currency_code",
                                   "spec.source_system", "spec.gates.repeat_buyers_bp_min",
                                   "spec.gates.buyers_min"));
  v1::RfmModelSpec misfit = GrowthSpec();
  misfit.set_bins(4);
  misfit.set_centre(v1::RFM_CENTRE_MEAN);
  misfit.set_centre_on_scores(true);
  misfit.mutable_edges()->add_frequency(1);
  EXPECT_THAT(ViolatedFields(Publish("shop", misfit).status()),
              UnorderedElementsAre("spec.bins", "spec.centre", "spec.centre_on_scores",
                                   "spec.edges.frequency"));
  v1::PublishRfmModelRequest empty;
  call_ = fixture_.Call(common::v1::REQUEST_ID_RULE_REQUIRED);
  EXPECT_THAT(ViolatedFields(RfmModels(fixture_.api()).Publish(call_, empty).status()),
              ElementsAre("request_id", "model_id", "spec"));
}

TEST_F(RfmModelsTest, RefusesBadQueriesAndUnknownModels) {
  EXPECT_THAT(ViolatedFields(Get("S", -1).status()), ElementsAre("model_id", "version"));
  const absl::Status unknown = Get("nobody", 0).status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorReason(unknown), "RFM_MODEL_NOT_FOUND");
  ASSERT_TRUE(Publish("shop", GrowthSpec()).ok());
  EXPECT_EQ(GetErrorDetails(Get("shop", 2).status())->metadata.at("version"), "2");
}

TEST_F(RfmModelsTest, ListsModelsPageByPage) {
  for (const std::string model_id : {"m-b", "m-a", "m-c"}) {
    ASSERT_TRUE(Publish(model_id, GrowthSpec()).ok());
  }
  std::vector<std::string> seen;
  v1::ListRfmModelsRequest request;
  request.set_page_size(2);
  do {
    call_ = fixture_.Call();
    const auto page = RfmModels(fixture_.api()).List(call_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::RfmModel& model : page->models()) {
      seen.push_back(model.model_id());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre("m-a", "m-b", "m-c"));

  request.set_page_size(-1);
  EXPECT_THAT(ViolatedFields(RfmModels(fixture_.api()).List(call_, request).status()),
              ElementsAre("page_size"));
  request.set_page_size(1);
  request.set_page_token("forged");
  EXPECT_EQ(GetErrorReason(RfmModels(fixture_.api()).List(call_, request).status()),
            "INVALID_PAGE_TOKEN");
  request.set_page_size(-1);
  const absl::Status both = RfmModels(fixture_.api()).List(call_, request).status();
  EXPECT_EQ(GetErrorReason(both), "INVALID_ARGUMENT");
  EXPECT_THAT(ViolatedFields(both), ElementsAre("page_size", "page_token"));
}

}  // namespace
}  // namespace clientele::segmentation
