#include "absl/strings/str_cat.h"
#include "common/ids/stable_hash.h"
#include "gmock/gmock.h"
#include "services/segmentation/store/segmentation_store_contract.h"

namespace clientele::segmentation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_P(SegmentationStoreContract, ReadsOrdersByCustomerPageByPage) {
  for (const std::string customer_id : {"c-2", "c-1", "c-3"}) {
    for (int i = 3; i > 0; --i) {
      AddOrder(customer_id, i, int64_t{100} * i);
    }
  }
  const std::vector<std::string> all = {
      "c-1: 100 GBP shop", "c-1: 200 GBP shop", "c-1: 300 GBP shop",
      "c-2: 100 GBP shop", "c-2: 200 GBP shop", "c-2: 300 GBP shop",
      "c-3: 100 GBP shop", "c-3: 200 GBP shop", "c-3: 300 GBP shop"};
  for (const int64_t page_rows : {1, 2, 3, 9, 10}) {
    EXPECT_EQ(Scan({.positions = All(9), .page_rows = page_rows}), all) << page_rows;
  }
  EXPECT_THAT(Scan({.positions = All(9), .last_customer_id = "c-1"}),
              ElementsAre(all[0], all[1], all[2]));
}

TEST_P(SegmentationStoreContract, LeavesOutWhatLiesAfterThePositionsOfThePartition) {
  AddOrder("c-1", 1, 100, {4, Day(1)});
  AddOrder("c-1", 2, 200, {5, Day(1)});
  AddOrder("c-1", 3, 300, {6, Day(1)});
  feed::Positions positions = All(0);
  positions[PartitionOf("c-1")] = 5;
  EXPECT_THAT(Scan({.positions = positions}),
              ElementsAre("c-1: 100 GBP shop", "c-1: 200 GBP shop"));
  EXPECT_THAT(Scan({.positions = All(3)}), IsEmpty());
  OrderPage page;
  Commit([&](sql::Tx& tx) {
    return ReadOrders(tx, {.positions = All(3), .last_customer_id = "z"}, page);
  });
  EXPECT_EQ(page.customer_count, 0u) << "a customer newer than the positions must not show";
}

TEST_P(SegmentationStoreContract, SubtractsRefundsAndCancelsThatHappenedBeforeTheEnd) {
  AddOrder("c-1", 1, 1000);
  AddOrder("c-1", 2, 2000);
  AddOrder("c-2", 1, 3000);
  AddOrder("c-2", 2, 4000);
  ASSERT_EQ(Refund("c-1", 2, "r-1", 300, {2, Day(10)}), absl::OkStatus());
  ASSERT_EQ(Refund("c-1", 2, "r-2", 400, {3, Day(20)}), absl::OkStatus());
  ASSERT_EQ(Refund("c-2", 1, "r-1", 50, {2, Day(5)}), absl::OkStatus());
  ASSERT_EQ(Cancel("c-2", 2, {3, Day(15)}), absl::OkStatus());
  const auto net = [&](int end_day, int64_t position, int64_t page_rows) {
    return Scan({.positions = All(position),
                 .with_changes = true,
                 .changes_end = Day(end_day),
                 .page_rows = page_rows});
  };
  for (const int64_t page_rows : {1, 2, 3, 100}) {
    EXPECT_THAT(net(30, 9, page_rows), ElementsAre("c-1: 1000 GBP shop", "c-1: 1300 GBP shop",
                                                   "c-2: 2950 GBP shop", "c-2: 0 GBP shop"));
    EXPECT_THAT(net(15, 9, page_rows), ElementsAre("c-1: 1000 GBP shop", "c-1: 1700 GBP shop",
                                                   "c-2: 2950 GBP shop", "c-2: 4000 GBP shop"));
    EXPECT_THAT(net(30, 2, page_rows), ElementsAre("c-1: 1000 GBP shop", "c-1: 1700 GBP shop",
                                                   "c-2: 2950 GBP shop", "c-2: 4000 GBP shop"));
  }
  EXPECT_THAT(Scan({.positions = All(9)}), ElementsAre("c-1: 1000 GBP shop", "c-1: 2000 GBP shop",
                                                       "c-2: 3000 GBP shop", "c-2: 4000 GBP shop"));
}

TEST_P(SegmentationStoreContract, TheSameEntriesAgainChangeNothing) {
  for (int round = 0; round < 2; ++round) {
    AddCustomer("c-1");
    AddOrder("c-1", 1, 1000);
    ASSERT_EQ(Refund("c-1", 1, "r-1", 300, {2, Day(2)}), absl::OkStatus());
    ASSERT_EQ(Cancel("c-1", 1, {3, Day(3)}), absl::OkStatus());
    ASSERT_EQ(Delete("c-1", {4, Day(4)}), absl::OkStatus());
    ASSERT_EQ(Update("c-1", {5, Day(6)}), absl::OkStatus());
    ASSERT_EQ(Delete("c-1", {6, Day(8)}), absl::OkStatus());
    EXPECT_THAT(Customers(All(9), 10), ElementsAre("c-1 deleted 4-6 deleted 8-"));
    EXPECT_THAT(Scan({.positions = All(2), .with_changes = true, .changes_end = Day(99)}),
                ElementsAre("c-1: 700 GBP shop"));
  }
}

TEST_P(SegmentationStoreContract, WhatAnExportHasOvertakenChangesNothing) {
  AddCustomer("c-1");
  AddOrder("c-1", 1, 1000);
  ASSERT_EQ(Cancel("c-1", 1, {3, Day(3)}), absl::OkStatus());
  ASSERT_EQ(Delete("c-1", {9, Day(9)}), absl::OkStatus());
  // The feed comes to the same cancel, and to what was before the deletion.
  ASSERT_EQ(Cancel("c-1", 1, {5, Day(3)}), absl::OkStatus());
  ASSERT_EQ(Update("c-1", {6, Day(6)}), absl::OkStatus());
  ASSERT_EQ(Delete("c-1", {7, Day(7)}), absl::OkStatus());
  EXPECT_THAT(Customers(All(20), 10), ElementsAre("c-1 deleted 9-"));
  EXPECT_THAT(Scan({.positions = All(4), .with_changes = true, .changes_end = Day(99)}),
              ElementsAre("c-1: 0 GBP shop"))
      << "cancelled where it was told first";
}

TEST_P(SegmentationStoreContract, StopsAtEntriesAboutWhatTheFeedHasNotTold) {
  AddOrder("c-1", 1, 1000);
  EXPECT_EQ(Refund("c-1", 2, "r-1", 1, {2, Day(2)}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Refund("c-2", 1, "r-1", 1, {2, Day(2)}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Cancel("c-1", 2, {2, Day(2)}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Update("c-1", {2, Day(2)}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Delete("c-1", {2, Day(2)}).code(), absl::StatusCode::kInternal);
}

// As all that an export tells of a partition has.
TEST_P(SegmentationStoreContract, ADeletionMayBeUndoneAndDoneAgainAtOnePosition) {
  AddCustomer("c-1", {1, Day(1)});
  const auto change = [this](int64_t feed_seq, int day, bool is_deleted) {
    const std::vector<CustomerStateEntry> states = {{"c-1", feed_seq, {4, Day(day)}, is_deleted}};
    EXPECT_EQ(database().RunInTransaction(
                  {}, [&](sql::Tx& tx) { return UpdateCustomerStates(tx, states); }),
              absl::OkStatus());
  };
  change(10, 2, true);
  EXPECT_THAT(Customers(All(9), 10), ElementsAre("c-1 deleted 2-"));
  change(11, 3, false);
  EXPECT_THAT(Customers(All(9), 10), Not(Contains("c-1 deleted 2-")));
  change(12, 5, true);
  EXPECT_THAT(Customers(All(9), 10), ElementsAre("c-1 deleted 5-"));
}

TEST_P(SegmentationStoreContract, KnowsWhichCustomersAreDeletedAtThePositions) {
  AddCustomer("c-2", {1, Day(1)});
  AddCustomer("c-1", {1, Day(1)});
  AddCustomer("c-3", {5, Day(1)});
  ASSERT_EQ(Delete("c-1", {2, Day(2)}), absl::OkStatus());
  ASSERT_EQ(Delete("c-1", {3, Day(3)}), absl::OkStatus()) << "another change of a deleted one";
  ASSERT_EQ(Update("c-2", {2, Day(2)}), absl::OkStatus());
  ASSERT_EQ(Delete("c-2", {3, Day(3)}), absl::OkStatus());
  ASSERT_EQ(Update("c-2", {4, Day(5)}), absl::OkStatus());
  ASSERT_EQ(Delete("c-2", {6, Day(7)}), absl::OkStatus());
  for (const int64_t limit : {1, 2, 3, 10}) {
    EXPECT_THAT(Customers(All(9), limit),
                ElementsAre("c-1 deleted 2-", "c-2 deleted 3-5 deleted 7-", "c-3"));
    EXPECT_THAT(Customers(All(4), limit), ElementsAre("c-1 deleted 2-", "c-2 deleted 3-5"));
    EXPECT_THAT(Customers(All(3), limit), ElementsAre("c-1 deleted 2-", "c-2 deleted 3-"));
    EXPECT_THAT(Customers(All(1), limit), ElementsAre("c-1", "c-2"));
  }
}

TEST_P(SegmentationStoreContract, ListsTheCurrenciesOfASource) {
  AddOrder("c-1", 1, 1, {1, Day(1)}, "USD", "shop");
  AddOrder("c-1", 2, 1, {1, Day(1)}, "GBP", "shop");
  AddOrder("c-2", 3, 1, {1, Day(1)}, "USD", "till");
  const auto list = [&](const std::string& source_system) {
    return Value([&](sql::Tx& tx) { return ListOrderCurrencies(tx, source_system); });
  };
  EXPECT_THAT(list(""), ElementsAre("GBP", "USD"));
  EXPECT_THAT(list("till"), ElementsAre("USD"));
  EXPECT_THAT(list("app"), IsEmpty());
}

TEST_P(SegmentationStoreContract, CountsBuyersAsOfAnyTime) {
  AddCustomer("never", {1, Day(5)});
  AddCustomer("once", {1, Day(40)});  // imported late: known from its first order
  AddCustomer("twice", {1, Day(1)});
  AddCustomer("gone", {1, Day(1)});
  AddOrder("once", 1, 1, {1, Day(10)});
  AddOrder("twice", 1, 1, {1, Day(10)}, "GBP", "till");
  AddOrder("twice", 2, 1, {1, Day(20)});
  AddOrder("gone", 1, 1, {1, Day(10)});
  ASSERT_EQ(Delete("gone", {2, Day(30)}), absl::OkStatus());
  ASSERT_EQ(Update("gone", {3, Day(50)}), absl::OkStatus());
  ASSERT_EQ(Cancel("twice", 1, {2, Day(25)}), absl::OkStatus());
  const auto count = [&](int day, const std::string& source_system = "", int64_t min_orders = 2) {
    const BuyerCounts counts = Value([&](sql::Tx& tx) {
      return CountBuyers(
          tx, {.as_of = Day(day), .source_system = source_system, .min_orders = min_orders});
    });
    return absl::StrCat(counts.customer_count, " ", counts.bought_count, " ",
                        counts.bought_repeatedly_count);
  };
  EXPECT_EQ(count(4), "2 0 0");           // twice, gone
  EXPECT_EQ(count(10), "3 0 0");          // an order at the instant itself does not count
  EXPECT_EQ(count(22), "4 3 1");          // all; twice has both orders
  EXPECT_EQ(count(28), "4 3 0");          // one of them is cancelled
  EXPECT_EQ(count(35), "3 2 0");          // gone is gone
  EXPECT_EQ(count(50), "3 2 0");          // an undelete at the instant itself does not count
  EXPECT_EQ(count(51), "4 3 0");          // gone is back
  EXPECT_EQ(count(22, "till"), "4 1 0");  // of one source
  EXPECT_EQ(count(22, "", 1), "4 3 3");
}

}  // namespace
}  // namespace clientele::segmentation
