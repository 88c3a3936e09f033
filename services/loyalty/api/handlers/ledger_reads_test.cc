#include "services/loyalty/api/handlers/ledger_reads.h"

#include "common/status/error.h"
#include "common/time/time_proto.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/api/handlers/ledger_writes.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;

class LedgerReadsTest : public ::testing::Test, public ApiFixture {
 protected:
  LedgerReadsTest() : reads_(api()) {}

  absl::StatusOr<common::v1::Explanation> Explain(const std::string& customer_id, int number) {
    v1::ExplainEarningRequest request;
    request.set_customer_id(customer_id);
    request.set_purchase_id(PurchaseIdOf(number));
    rpc::CallContext call = Call();
    return reads_.ExplainEarning(call, request);
  }

  const LedgerReads reads_;
};

TEST_F(LedgerReadsTest, BalanceIsAsOfNowThoughNothingIsPostedYet) {
  AddMember("c-1", 100, 1);
  AddMember("c-1", 30, 200);
  EXPECT_EQ(Balance("c-1").available(), 130);
  EXPECT_EQ(Balance("c-1").next_expiring(), 100);
  EXPECT_EQ(FromTimestamp(Balance("c-1").next_expire_time()),
            AddMonths(NoonOf(1), 24, absl::UTCTimeZone()));
  business_clock().Advance(absl::Hours(24 * 500));
  const v1::Balance later = Balance("c-1");
  EXPECT_EQ(later.available(), 30);
  EXPECT_EQ(later.lifetime_earned(), 130);
  EXPECT_EQ(later.entry_count(), 2);
  EXPECT_EQ(later.next_expiring(), 30);
  const std::vector<v1::Lot> lots = Lots("c-1");
  ASSERT_EQ(lots.size(), 2U);
  EXPECT_EQ(lots[0].remaining(), 0);
  EXPECT_EQ(lots[0].expired(), 100);
  EXPECT_EQ(lots[1].remaining(), 30);
}

TEST_F(LedgerReadsTest, AnswersNotFoundForWhoIsNoMember) {
  rpc::CallContext call = Call();
  v1::GetBalanceRequest balance;
  balance.set_customer_id("c-9");
  EXPECT_EQ(GetErrorReason(reads_.GetBalance(call, balance).status()), "MEMBER_NOT_FOUND");
  v1::ListEntriesRequest entries;
  entries.set_customer_id("c-9");
  EXPECT_EQ(GetErrorReason(reads_.ListEntries(call, entries).status()), "MEMBER_NOT_FOUND");
  v1::ListLotsRequest lots;
  lots.set_customer_id("c-9");
  EXPECT_EQ(GetErrorReason(reads_.ListLots(call, lots).status()), "MEMBER_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Explain("c-9", 1).status()), "MEMBER_NOT_FOUND");
  AddMember("c-9", 1);
  EXPECT_EQ(GetErrorReason(Explain("c-9", 1).status()), "EARNING_NOT_FOUND");
}

TEST_F(LedgerReadsTest, ListsEveryViolation) {
  rpc::CallContext call = Call();
  v1::ListEntriesRequest entries;
  entries.set_page_size(-1);
  EXPECT_THAT(ViolatedFields(reads_.ListEntries(call, entries).status()),
              ElementsAre("customer_id", "page_size"));
  EXPECT_THAT(ViolatedFields(reads_.ExplainEarning(call, {}).status()),
              ElementsAre("customer_id", "purchase_id"));
  v1::ListLotsRequest lots;
  lots.set_customer_id("c-1");
  lots.set_page_token("nonsense");
  EXPECT_EQ(GetErrorReason(reads_.ListLots(call, lots).status()), "INVALID_PAGE_TOKEN");
  lots.set_page_size(-1);
  EXPECT_THAT(ViolatedFields(reads_.ListLots(call, lots).status()),
              ElementsAre("page_size", "page_token"));
}

TEST_F(LedgerReadsTest, PagesThroughEntriesNewestFirstAndThroughLotsByExpiry) {
  for (int day = 5; day >= 1; --day) {
    AddMember("c-1", day, day);
  }
  rpc::CallContext call = Call();
  v1::ListEntriesRequest entries;
  entries.set_customer_id("c-1");
  entries.set_page_size(2);
  std::vector<int64_t> points;
  do {
    const v1::ListEntriesResponse page = reads_.ListEntries(call, entries).value();
    for (const v1::LedgerEntry& entry : page.entries()) points.push_back(entry.points());
    entries.set_page_token(page.next_page_token());
  } while (!entries.page_token().empty());
  EXPECT_THAT(points, ElementsAre(1, 2, 3, 4, 5));

  v1::ListLotsRequest lots;
  lots.set_customer_id("c-1");
  lots.set_page_size(2);
  std::vector<int64_t> lot_points;
  do {
    const v1::ListLotsResponse page = reads_.ListLots(call, lots).value();
    for (const v1::Lot& lot : page.lots()) lot_points.push_back(lot.points());
    lots.set_page_token(page.next_page_token());
  } while (!lots.page_token().empty());
  EXPECT_THAT(lot_points, ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(LedgerReadsTest, APageTokenIsBoundToItsRequest) {
  AddMember("c-1", 1, 1);
  AddMember("c-1", 2, 2);
  AddMember("c-2", 2, 2);
  rpc::CallContext call = Call();
  v1::ListLotsRequest lots;
  lots.set_customer_id("c-1");
  lots.set_page_size(1);
  lots.set_page_token(reads_.ListLots(call, lots)->next_page_token());
  lots.set_open_only(true);
  EXPECT_EQ(GetErrorReason(reads_.ListLots(call, lots).status()), "INVALID_PAGE_TOKEN");
  lots.set_open_only(false);
  lots.set_customer_id("c-2");
  EXPECT_EQ(GetErrorReason(reads_.ListLots(call, lots).status()), "INVALID_PAGE_TOKEN");
}

TEST_F(LedgerReadsTest, OpenLotsHavePointsLeftNow) {
  AddMember("c-1", 10, 1);
  AddMember("c-1", 20, 2);
  AddMember("c-1", 30, 300);
  rpc::CallContext write = Call(common::v1::REQUEST_ID_RULE_REQUIRED);
  ASSERT_TRUE(LedgerWrites(api()).Redeem(write, MakeRedeem(1, "c-1", 10)).ok());
  business_clock().Advance(absl::Hours(24 * 500));  // the second has expired too
  rpc::CallContext call = Call();
  v1::ListLotsRequest lots;
  lots.set_customer_id("c-1");
  lots.set_open_only(true);
  const v1::ListLotsResponse page = reads_.ListLots(call, lots).value();
  ASSERT_EQ(page.lots_size(), 1);
  EXPECT_EQ(page.lots(0).remaining(), 30);
}

TEST_F(LedgerReadsTest, ExplainsWhyAPurchaseEarnedNothing) {
  const TestPurchase euros = {.customer_id = "c-1",
                              .number = 1,
                              .occur_time = NoonOf(1),
                              .gross_minor = 5'000,
                              .currency_code = "EUR"};
  const TestPurchase pence = {
      .customer_id = "c-1", .number = 2, .occur_time = NoonOf(1), .gross_minor = 99};
  const TestPurchase pounds = {
      .customer_id = "c-1", .number = 3, .occur_time = NoonOf(1), .gross_minor = 1'050};
  ASSERT_EQ(Deliver({PurchaseRecorded(euros), PurchaseRecorded(pence), PurchaseRecorded(pounds),
                     PurchaseRefunded(pounds, 1, 525, 0, NoonOf(2))}),
            absl::OkStatus());
  EXPECT_EQ(Explain("c-1", 1)->outcome(), "OTHER_CURRENCY 0");
  EXPECT_FALSE(Explain("c-1", 1)->checks(0).passed());
  EXPECT_EQ(Explain("c-1", 2)->outcome(), "BELOW_ONE_POINT 0");
  EXPECT_EQ(Explain("c-1", 3)->outcome(), "EARNED 10");
  EXPECT_EQ(Explain("c-1", 3)->rule().id(), "default");
  EXPECT_EQ(Balance("c-1").available(), 5);
}

}  // namespace
}  // namespace clientele::loyalty
