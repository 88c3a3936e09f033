#include "services/segmentation/api/handlers/analytics.h"

#include "gmock/gmock.h"
#include "google/protobuf/util/time_util.h"
#include "gtest/gtest.h"
#include "services/segmentation/testing/api_fixture.h"

namespace clientele::segmentation {
namespace {

using google::protobuf::util::TimeUtil;
using ::testing::ElementsAre;

TEST(AnalyticsTest, CountsWhoBoughtAsOfBusinessTimeUnlessATimeIsGiven) {
  ApiFixture fixture;
  fixture.Deliver({CustomerCreated("c-1", NoonOf(1)), CustomerCreated("c-2", NoonOf(1)),
                   CustomerCreated("c-3", NoonOf(1)), PurchaseRecorded({"c-1", 1, NoonOf(10), 100}),
                   PurchaseRecorded({"c-1", 2, NoonOf(20), 100}),
                   PurchaseRecorded({"c-2", 3, NoonOf(20), 100})});
  rpc::CallContext call = fixture.Call();
  v1::CountBuyersRequest request;
  const Analytics analytics(fixture.api());
  auto counts = analytics.Count(call, request);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->customer_count(), 3);
  EXPECT_EQ(counts->bought_count(), 2);
  EXPECT_EQ(counts->bought_repeatedly_count(), 1);
  EXPECT_EQ(counts->never_bought_count(), 1);
  EXPECT_EQ(counts->min_orders(), 2);
  EXPECT_EQ(TimeUtil::ToString(counts->as_of_time()), "2011-12-10T00:00:00Z");

  *request.mutable_as_of_time() = TimeUtil::SecondsToTimestamp(absl::ToUnixSeconds(NoonOf(15)));
  request.set_min_orders(1);
  request.set_source_system("shop");
  counts = analytics.Count(call, request);
  EXPECT_EQ(counts->bought_count(), 1);
  EXPECT_EQ(counts->bought_repeatedly_count(), 1);
  EXPECT_EQ(counts->never_bought_count(), 2);
}

TEST(AnalyticsTest, ListsEveryViolation) {
  ApiFixture fixture;
  rpc::CallContext call = fixture.Call();
  v1::CountBuyersRequest request;
  request.mutable_as_of_time()->set_nanos(-1);
  request.set_min_orders(1'000'001);
  request.set_source_system("Shop");
  EXPECT_THAT(ViolatedFields(Analytics(fixture.api()).Count(call, request).status()),
              ElementsAre("as_of_time", "min_orders", "source_system"));
}

}  // namespace
}  // namespace clientele::segmentation
