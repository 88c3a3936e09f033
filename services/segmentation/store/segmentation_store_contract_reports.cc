#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/segmentation/store/report_store.h"
#include "services/segmentation/store/rfm_score_store.h"
#include "services/segmentation/store/segmentation_store_contract.h"

namespace clientele::segmentation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// "3 (2 300)": segment, orders, revenue; "none (…)" without a segment; "-" for no score.
std::string Text(const std::optional<SegmentScore>& score) {
  if (!score.has_value()) {
    return "-";
  }
  return absl::StrCat(score->segment.has_value() ? absl::StrCat(*score->segment) : "none", " (",
                      score->orders, " ", score->revenue_minor, ")");
}

std::vector<std::string> Pairs(sql::Database& database, const RunPair& runs) {
  std::vector<std::string> seen;
  const absl::Status status = database.RunReadOnly({}, [&](sql::Tx& tx) {
    return ReadScorePairs(tx, runs, [&](const auto& from, const auto& to) {
      seen.push_back(absl::StrCat(Text(from), " -> ", Text(to)));
    });
  });
  EXPECT_EQ(status, absl::OkStatus());
  return seen;
}

// "c-1 500-100" per order: gross less refunds; "cancelled" and the dimension's value behind it.
std::vector<std::string> Sold(sql::Database& database, const SoldOrderQuery& query) {
  std::vector<std::string> seen;
  const absl::Status status = database.RunReadOnly({}, [&](sql::Tx& tx) {
    return ReadSoldOrders(tx, query, [&](const SoldOrder& order) {
      seen.push_back(absl::StrCat(order.customer_id, " ", order.gross_minor, "-",
                                  order.refunded_minor, order.cancelled ? " cancelled" : "",
                                  order.dimension_value.empty() ? "" : " ", order.dimension_value));
      return absl::OkStatus();
    });
  });
  EXPECT_EQ(status, absl::OkStatus());
  return seen;
}

SoldOrderQuery Everything() {
  return {.begin = Day(1), .end = Day(400), .as_of = Day(400), .currency_code = "GBP"};
}

TEST_P(SegmentationStoreContract, PairsTheScoresOfTwoRunsByCustomer) {
  ScoreWriter first(RunNo{1});
  ScoreWriter second(RunNo{2});
  Commit([&](sql::Tx& tx) {
    return first.Write(
        tx, std::vector<ScoreEntry>{
                {.customer_id = "c-1", .row = {5, 2, 300}, .r = 5, .f = 2, .m = 1, .segment = 3},
                {.customer_id = "c-2", .row = {400, 0, 0}},
                {.customer_id = "c-4", .row = {6, 1, 100}, .r = 5, .f = 1, .m = 1, .segment = 3}});
  });
  Commit([&](sql::Tx& tx) {
    return second.Write(
        tx, std::vector<ScoreEntry>{
                {.customer_id = "c-0", .row = {1, 1, 50}, .r = 5, .f = 1, .m = 1, .segment = 0},
                {.customer_id = "c-1", .row = {7, 3, 400}, .r = 4, .f = 3, .m = 2, .segment = 1},
                {.customer_id = "c-2", .row = {2, 1, 10}, .r = 5, .f = 1, .m = 1, .segment = 0}});
  });
  EXPECT_THAT(Pairs(database(), {RunNo{1}, RunNo{2}}),
              ElementsAre("- -> 0 (1 50)", "3 (2 300) -> 1 (3 400)", "none (0 0) -> 0 (1 10)",
                          "3 (1 100) -> -"));
  EXPECT_THAT(Pairs(database(), {RunNo{2}, RunNo{3}}),
              ElementsAre("0 (1 50) -> -", "1 (3 400) -> -", "0 (1 10) -> -"));
  EXPECT_THAT(
      Pairs(database(), {RunNo{1}, RunNo{1}}),
      ElementsAre("3 (2 300) -> 3 (2 300)", "none (0 0) -> none (0 0)", "3 (1 100) -> 3 (1 100)"));
  EXPECT_THAT(Pairs(database(), {RunNo{8}, RunNo{9}}), IsEmpty());
}

TEST_P(SegmentationStoreContract, SumsTheCellsOfARunExactly) {
  constexpr int64_t kHuge = 4'000'000'000'000'000'000;
  ScoreWriter writer(RunNo{1});
  ScoreWriter other(RunNo{2});
  const std::vector<ScoreEntry> entries = {
      {.customer_id = "c-1", .row = {5, 2, 4294967297}, .r = 5, .f = 2, .m = 1, .segment = 3},
      {.customer_id = "c-2", .row = {400, 0, 0}},
      {.customer_id = "c-3", .row = {6, 1, 100}, .r = 5, .f = 2, .m = 2, .segment = 3},
      {.customer_id = "c-4", .row = {7, 1, kHuge}, .r = 1, .f = 1, .m = 5, .segment = 0},
      {.customer_id = "c-5", .row = {7, 1, kHuge}, .r = 1, .f = 1, .m = 5, .segment = 0},
      {.customer_id = "c-6", .row = {7, 4, kHuge}, .r = 1, .f = 1, .m = 5, .segment = 0}};
  Commit([&](sql::Tx& tx) { return writer.Write(tx, entries); });
  Commit([&](sql::Tx& tx) { return other.Write(tx, entries); });
  std::vector<std::string> cells;
  for (const MatrixCell& cell : Value([](sql::Tx& tx) { return SumScoreCells(tx, RunNo{1}); })) {
    cells.push_back(absl::StrCat(cell.recency_score, cell.frequency_score, ": ",
                                 cell.total.customers, " ", cell.total.orders, " ",
                                 cell.total.revenue_minor));
  }
  EXPECT_THAT(cells,
              UnorderedElementsAre("52: 2 3 4294967397",
                                   absl::StrCat("11: 3 6 ", std::numeric_limits<int64_t>::max())));
}

TEST_P(SegmentationStoreContract, ReadsSoldOrdersOfATimeACurrencyAndASource) {
  AddOrder("c-2", 1, 500, {1, Day(10)});
  AddOrder("c-1", 2, 300, {2, Day(20)});
  AddOrder("c-1", 3, 200, {3, Day(30)}, "GBP", "till");
  AddOrder("c-1", 4, 100, {4, Day(30)}, "USD");
  EXPECT_THAT(Sold(database(), Everything()),
              UnorderedElementsAre("c-1 300-0", "c-1 200-0", "c-2 500-0"));
  EXPECT_EQ(Sold(database(), Everything()).back(), "c-2 500-0") << "customer by customer";
  SoldOrderQuery query = Everything();
  query.begin = Day(20);
  query.end = Day(30);
  EXPECT_THAT(Sold(database(), query), ElementsAre("c-1 300-0"));
  query = Everything();
  query.as_of = Day(20);
  EXPECT_THAT(Sold(database(), query), ElementsAre("c-2 500-0"));
  query = Everything();
  query.source_system = "till";
  EXPECT_THAT(Sold(database(), query), ElementsAre("c-1 200-0"));
  query = Everything();
  query.currency_code = "USD";
  query.dimension = SalesDimension::kChannel;
  EXPECT_THAT(Sold(database(), query), ElementsAre("c-1 100-0 web"));
  query.dimension = SalesDimension::kRegion;
  EXPECT_THAT(Sold(database(), query), ElementsAre("c-1 100-0"));
}

TEST_P(SegmentationStoreContract, SaysWhatCameBackOfASoldOrderByThen) {
  AddOrder("c-1", 1, 500, {1, Day(10)});
  EXPECT_EQ(Refund("c-1", 1, "r-1", 100, {2, Day(20)}), absl::OkStatus());
  EXPECT_EQ(Cancel("c-1", 1, {3, Day(30)}), absl::OkStatus());
  const auto as_of = [&](int day) {
    SoldOrderQuery query = Everything();
    query.as_of = Day(day);
    return Sold(database(), query);
  };
  EXPECT_THAT(as_of(20), ElementsAre("c-1 500-0"));
  EXPECT_THAT(as_of(21), ElementsAre("c-1 500-100"));
  EXPECT_THAT(as_of(30), ElementsAre("c-1 500-100"));
  EXPECT_THAT(as_of(31), ElementsAre("c-1 500-100 cancelled"));
}

TEST_P(SegmentationStoreContract, StopsReadingSoldOrdersAtTheCallersError) {
  AddOrder("c-1", 1, 500, {1, Day(10)});
  AddOrder("c-2", 2, 500, {1, Day(10)});
  int count = 0;
  const absl::Status status = database().RunReadOnly({}, [&](sql::Tx& tx) {
    return ReadSoldOrders(tx, Everything(), [&](const SoldOrder&) {
      ++count;
      return absl::CancelledError("enough");
    });
  });
  EXPECT_EQ(status, absl::CancelledError("enough"));
  EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace clientele::segmentation
