#include "services/segmentation/domain/movement.h"

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SegmentScore In(SegmentIndex segment, int64_t orders, int64_t revenue_minor) {
  return {segment, orders, revenue_minor};
}

// "0>1: 2 customers 300 400" per movement.
std::vector<std::string> Texts(const std::vector<Movement>& movements) {
  std::vector<std::string> texts;
  texts.reserve(movements.size());
  for (const Movement& move : movements) {
    texts.push_back(absl::StrCat(move.from, ">", move.to, ": ", move.customers, " customers ",
                                 move.from_revenue_minor, " ", move.to_revenue_minor));
  }
  return texts;
}

std::string Text(const SegmentTotal& total) {
  return absl::StrCat(total.customers, " ", total.orders, " ", total.revenue_minor);
}

TEST(MovementTest, CountsWhoMovedStayedCameAndWent) {
  MovementCounter counter(2);
  counter.Add(In(0, 1, 100), In(1, 2, 150));
  counter.Add(In(0, 2, 200), In(1, 3, 250));
  counter.Add(In(1, 1, 70), In(1, 1, 70));
  counter.Add(std::nullopt, In(0, 1, 30));
  counter.Add(In(0, 4, 40), std::nullopt);
  counter.Add(In(1, 5, 50), SegmentScore{});  // out of the window by now
  EXPECT_EQ(counter.no_segment(), 2u);
  EXPECT_EQ(counter.absent(), 3u);
  EXPECT_THAT(
      Texts(counter.Movements()),
      ElementsAre("0>1: 2 customers 300 400", "0>3: 1 customers 40 0", "1>1: 1 customers 70 70",
                  "1>2: 1 customers 50 0", "3>0: 1 customers 0 30"));
  ASSERT_EQ(counter.from_totals().size(), 3u);
  EXPECT_EQ(Text(counter.from_totals()[0]), "3 7 340");
  EXPECT_EQ(Text(counter.from_totals()[1]), "2 6 120");
  EXPECT_EQ(Text(counter.from_totals()[2]), "0 0 0");
  EXPECT_EQ(Text(counter.to_totals()[0]), "1 1 30");
  EXPECT_EQ(Text(counter.to_totals()[1]), "3 6 470");
  EXPECT_EQ(Text(counter.to_totals()[2]), "1 0 0");
}

TEST(MovementTest, NamesTheLargestMovementsWithoutThoseWhoStayed) {
  const std::vector<Movement> movements = {{.from = 0, .to = 0, .customers = 99},
                                           {.from = 0, .to = 1, .customers = 5},
                                           {.from = 1, .to = 0, .customers = 7},
                                           {.from = 1, .to = 3, .customers = 5},
                                           {.from = 3, .to = 0, .customers = 6}};
  EXPECT_THAT(Texts(LargestMovements(movements, 3)),
              ElementsAre("1>0: 7 customers 0 0", "3>0: 6 customers 0 0", "0>1: 5 customers 0 0"));
  EXPECT_EQ(LargestMovements(movements, 10).size(), 4u);
  EXPECT_THAT(LargestMovements({}, 10), IsEmpty());
}

TEST(MovementTest, SumsStopAtTheLargestAmount) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  MovementCounter counter(1);
  counter.Add(In(0, 1, kMax), In(0, 1, kMax));
  counter.Add(In(0, 1, 1), In(0, 1, 1));
  EXPECT_EQ(counter.Movements().front().from_revenue_minor, kMax);
  EXPECT_EQ(counter.Movements().front().to_revenue_minor, kMax);
  EXPECT_EQ(counter.to_totals()[0].revenue_minor, kMax);
}

TEST(MovementTest, OnlyRunsWithOneRuleSetCompare) {
  RfmModelSpec growth;
  RfmModelSpec other = growth;
  other.currency_code = "JPY";
  EXPECT_EQ(RequireComparable(growth, other), absl::OkStatus());
  other.rule_set_id = "r-rfm-10";
  const absl::Status status = RequireComparable(growth, other);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(status), "RFM_RUNS_NOT_COMPARABLE");
  EXPECT_EQ(GetErrorDetails(status)->metadata.at("from_rule_set_id"), "growth-11");
  EXPECT_EQ(GetErrorDetails(status)->metadata.at("to_rule_set_id"), "r-rfm-10");
}

}  // namespace
}  // namespace clientele::segmentation
