#include "services/loyalty/api/handlers/tier_reads.h"

#include "common/status/error.h"
#include "common/time/time_proto.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TierReadsTest : public ::testing::Test, public ApiFixture {
 protected:
  TierReadsTest() : tiers_(api()) {}

  absl::StatusOr<v1::MemberTier> Get(
      const std::string& customer_id,
      common::v1::Consistency consistency = common::v1::CONSISTENCY_UNSPECIFIED) {
    v1::GetTierRequest request;
    request.set_customer_id(customer_id);
    request.set_consistency(consistency);
    rpc::CallContext call = Call();
    return tiers_.Get(call, request);
  }
  absl::StatusOr<v1::TierExplanation> Explain(const std::string& customer_id) {
    v1::ExplainTierRequest request;
    request.set_customer_id(customer_id);
    rpc::CallContext call = Call();
    return tiers_.Explain(call, request);
  }

  // Lets time pass for the business and for the cache.
  void Advance(absl::Duration duration) {
    business_clock().Advance(duration);
    record_clock().Advance(duration);
  }

  const TierReads tiers_;
};

TEST_F(TierReadsTest, AnswersTheTierAsOfNow) {
  AddMember("c-1", 1'500, 340);
  const v1::MemberTier tier = Get("c-1").value();
  EXPECT_EQ(tier.tier(), "SILVER");
  EXPECT_EQ(tier.rank(), 1);
  EXPECT_EQ(tier.net_spend().minor_units(), 150'000);
  EXPECT_EQ(tier.net_spend().currency_code(), "GBP");
  EXPECT_EQ(FromTimestamp(tier.reach_time()), NoonOf(340));
  EXPECT_EQ(FromTimestamp(tier.valid_until_time()), NoonOf(340 + 365) - absl::Hours(12));
  Advance(absl::Hours(24 * 400));  // no job has run
  EXPECT_EQ(Get("c-1")->tier(), "BASE");
  EXPECT_FALSE(Get("c-1")->has_valid_until_time());
}

TEST_F(TierReadsTest, AnswersFromTheCacheWhatItComputedBefore) {
  AddMember("c-1", 1'500, 340);
  const v1::MemberTier first = Get("c-1").value();
  business_clock().Advance(absl::Minutes(1));
  EXPECT_EQ(Get("c-1")->SerializeAsString(), first.SerializeAsString());  // as_of_time too
  EXPECT_EQ(process_cache().Reads(cache::Source::kLoad), 1);
  const v1::MemberTier strong = Get("c-1", common::v1::CONSISTENCY_STRONG).value();
  EXPECT_EQ(FromTimestamp(strong.as_of_time()), business_clock().Now());
  EXPECT_EQ(process_cache().Reads(cache::Source::kLoad), 2);
}

TEST_F(TierReadsTest, APurchaseFromTheFeedOutdatesTheTier) {
  const absl::Status absent = Get("c-1").status();
  EXPECT_EQ(GetErrorReason(absent), "MEMBER_NOT_FOUND");
  // Loyalty cannot tell a customer who has bought nothing from nobody.
  EXPECT_THAT(std::string(absent.message()), HasSubstr("no purchase of a customer by this id"));
  AddMember("c-1", 900, 340);
  EXPECT_EQ(Get("c-1")->tier(), "BASE");
  AddMember("c-1", 900, 341);
  EXPECT_EQ(Get("c-1")->tier(), "SILVER");
}

TEST_F(TierReadsTest, TheCacheOutlivesNeitherTheDayNorTheValidity) {
  AddMember("c-1", 1'500, 340);
  const absl::Time valid_until = FromTimestamp(Get("c-1")->valid_until_time());
  // It is midnight: the next change is that of the day.
  Advance(absl::Hours(24) - absl::Milliseconds(500));
  const v1::MemberTier evening = Get("c-1").value();
  Advance(absl::Milliseconds(499));
  EXPECT_EQ(Get("c-1")->SerializeAsString(), evening.SerializeAsString());
  Advance(absl::Milliseconds(1));
  EXPECT_EQ(FromTimestamp(Get("c-1")->as_of_time()), business_clock().Now());
  Advance(valid_until - business_clock().Now() - absl::Milliseconds(1));
  EXPECT_EQ(Get("c-1")->tier(), "SILVER");
  Advance(absl::Milliseconds(1));
  EXPECT_EQ(Get("c-1")->tier(), "BASE");
}

TEST_F(TierReadsTest, RefusesWhoIsNoMemberAndListsViolations) {
  EXPECT_EQ(GetErrorReason(Get("c-9").status()), "MEMBER_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Explain("c-9").status()), "MEMBER_NOT_FOUND");
  rpc::CallContext call = Call();
  v1::ListTierHistoryRequest history;
  history.set_customer_id("c-9");
  EXPECT_EQ(GetErrorReason(tiers_.ListHistory(call, history).status()), "MEMBER_NOT_FOUND");
  EXPECT_THAT(ViolatedFields(Get("").status()), ElementsAre("customer_id"));
  history.set_customer_id("X");
  history.set_page_size(-1);
  EXPECT_THAT(ViolatedFields(tiers_.ListHistory(call, history).status()),
              ElementsAre("customer_id", "page_size"));
}

TEST_F(TierReadsTest, BatchKeepsTheOrderAndListsTheMissing) {
  AddMember("c-1", 1, 340);
  AddMember("c-2", 6'000, 340);
  v1::BatchGetTiersRequest request;
  for (const char* id : {"c-2", "c-8", "c-1", "c-2", "c-9"}) request.add_customer_ids(id);
  rpc::CallContext call = Call();
  const v1::BatchGetTiersResponse response = tiers_.BatchGet(call, request).value();
  std::vector<std::string> found;
  for (const v1::MemberTier& tier : response.tiers()) {
    found.push_back(tier.customer_id() + " " + tier.tier());
  }
  EXPECT_THAT(found, ElementsAre("c-2 GOLD", "c-1 BASE", "c-2 GOLD"));
  EXPECT_THAT(response.missing_customer_ids(), ElementsAre("c-8", "c-9"));
}

TEST_F(TierReadsTest, BatchAnswersARepeatedIdAsOftenAsItIsAsked) {
  AddMember("c-1", 6'000, 340);
  v1::BatchGetTiersRequest request;
  for (int i = 0; i < 1'000; ++i) request.add_customer_ids("c-1");
  rpc::CallContext call = Call();
  const v1::BatchGetTiersResponse response = tiers_.BatchGet(call, request).value();
  ASSERT_EQ(response.tiers_size(), 1'000);
  for (const v1::MemberTier& tier : response.tiers()) {
    EXPECT_EQ(tier.SerializeAsString(), response.tiers(0).SerializeAsString());
  }
}

TEST_F(TierReadsTest, BatchRefusesTooManyAndNone) {
  rpc::CallContext call = Call();
  v1::BatchGetTiersRequest request;
  EXPECT_THAT(ViolatedFields(tiers_.BatchGet(call, request).status()), ElementsAre("customer_ids"));
  request.add_customer_ids("X");
  request.set_consistency(static_cast<common::v1::Consistency>(99));
  EXPECT_THAT(ViolatedFields(tiers_.BatchGet(call, request).status()),
              ElementsAre("customer_ids[0]", "consistency"));
  request.clear_consistency();
  for (int i = 0; i < 1'000; ++i) request.add_customer_ids("c-1");
  EXPECT_THAT(ViolatedFields(tiers_.BatchGet(call, request).status()), ElementsAre("customer_ids"));
}

TEST_F(TierReadsTest, ExplainsWhatKeepsTheTierAndWhatIsMissing) {
  AddMember("c-1", 900, 100);
  AddMember("c-1", 100, 200);
  AddMember("c-1", 300, 210);
  const v1::TierExplanation explained = Explain("c-1").value();
  EXPECT_EQ(explained.tier().tier(), "SILVER");
  EXPECT_EQ(explained.explanation().outcome(), "SILVER");
  EXPECT_EQ(explained.explanation().next_outcome(), "GOLD");
  EXPECT_EQ(explained.explanation().distance_to_next(), "GOLD: 3,700.00 GBP more net spend");
  EXPECT_EQ(explained.next_distance().minor_units(), 370'000);
  EXPECT_EQ(explained.keep_distance().minor_units(), 70'000);
  EXPECT_TRUE(explained.explanation().checks(0).passed());
  EXPECT_FALSE(explained.explanation().checks(1).passed());
}

TEST_F(TierReadsTest, HistoryComesNewestFirstInPages) {
  AddMember("c-1", 1'000, 1);
  AddMember("c-1", 4'000, 20);
  AddMember("c-1", 16'000, 40);
  rpc::CallContext call = Call();
  v1::ListTierHistoryRequest request;
  request.set_customer_id("c-1");
  request.set_page_size(2);
  std::vector<std::string> steps;
  do {
    const v1::ListTierHistoryResponse page = tiers_.ListHistory(call, request).value();
    for (const v1::TierChange& change : page.changes()) {
      steps.push_back(change.previous_tier() + ">" + change.tier());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(steps, ElementsAre("GOLD>PLATINUM", "SILVER>GOLD", "BASE>SILVER"));
}

}  // namespace
}  // namespace clientele::loyalty
