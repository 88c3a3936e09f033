#include "services/profile/store/past_events_contract.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_split.h"
#include "services/profile/store/sql_export.h"

namespace clientele::profile {

std::string Describe(const Event& event, absl::Time record_time) {
  struct Words {
    std::string operator()(const CustomerCreated& e) const {
      return absl::StrCat("created ", e.source_system, " v", e.version);
    }
    std::string operator()(const CustomerUpdated& e) const {
      return absl::StrCat("updated ", static_cast<int>(e.state), " ",
                          static_cast<int>(e.commercial_status), " v", e.version);
    }
    std::string operator()(const FactChanged&) const { return "fact"; }
    std::string operator()(const PurchaseRecorded& e) const {
      return absl::StrCat("recorded ", e.purchase_id.value(), " ", e.source_system, " ",
                          e.currency.ToString(), e.gross_minor, " ", e.line_count, e.channel,
                          e.store, e.region);
    }
    std::string operator()(const PurchaseRefunded& e) const {
      return absl::StrCat("refunded ", e.purchase_id.value(), " ", e.refund_number, " ",
                          e.currency.ToString(), e.amount_minor, " of ", e.refunded_minor, " ",
                          PurchaseStateName(e.state));
    }
    std::string operator()(const PurchaseCancelled& e) const {
      return absl::StrCat("cancelled ", e.purchase_id.value(), " ", e.currency.ToString(),
                          e.gross_minor);
    }
  };
  return absl::StrCat(event.customer_id.value(), " ", absl::ToUnixSeconds(event.occur_time), " ",
                      absl::ToUnixSeconds(record_time), " ", std::visit(Words{}, event.body));
}

namespace {

TEST_P(PastEventsContract, AreWhatTheFeedWasToldInItsOrderInPiecesOfAnySize) {
  const Purchase first = MakeOrder("c-1", "1", 5);
  const Purchase second = MakeOrder("c-1", "2", 3);
  Record(first);
  Record(second);
  GiveBack(second, "r/1", 9);
  const Purchase third = MakeOrder("c-1", "3", 1);
  Record(third);
  GiveBack(second, "r-0", 8);
  Cancel(third, 10);
  const Purchase other = MakeOrder("c-2", "4", 2);
  Record(other);
  GiveBack(other, "r-1", 4);
  Delete("c-1", 11);
  Delete("c-2", 12);
  const std::vector<std::string> expected = Expected();
  ASSERT_EQ(expected.size(), 12u);
  for (const int count_max : {1, 2, 3, 500}) {
    EXPECT_EQ(Past(count_max), expected) << count_max << " at a time";
  }
}

// Whatever a caller said of when it happened, and whichever server wrote the rows.
TEST_P(PastEventsContract, TellAPurchaseBeforeWhatBecameOfIt) {
  const Purchase refunded = MakeOrder("c-1", "1", 5);
  const Purchase cancelled = MakeOrder("c-1", "2", 6);
  Record(refunded);
  Record(cancelled);
  GiveBack(refunded, "r-1", 1);
  Cancel(cancelled, 1);
  const auto kinds = [this](int count_max) {
    std::vector<std::string> found;
    for (const std::string& text : Past(count_max)) {
      const std::vector<std::string> words = absl::StrSplit(text, ' ');
      found.push_back(absl::StrCat(words[3], " ", words[4]));
    }
    return found;
  };
  const auto position = [](const std::vector<std::string>& all, absl::string_view kind,
                           const Purchase& purchase) {
    return std::find(all.begin(), all.end(), absl::StrCat(kind, " ", purchase.header.id.value())) -
           all.begin();
  };
  for (const char* text : {"UPDATE purchase_refund SET feed_seq = 0, record_time = 1",
                           "UPDATE purchase SET cancel_feed_seq = 0, cancel_record_time = NULL",
                           "UPDATE purchase SET feed_seq = 0"}) {
    const sql::Statement forget{"Forget", text};
    ASSERT_TRUE(Write([&](sql::Tx& tx) { return tx.Execute(forget, {}).status(); }).ok());
    for (const int count_max : {1, 500}) {
      const std::vector<std::string> all = kinds(count_max);
      ASSERT_EQ(all.size(), 6u) << text;
      EXPECT_LT(position(all, "recorded", refunded), position(all, "refunded", refunded)) << text;
      EXPECT_LT(position(all, "recorded", cancelled), position(all, "cancelled", cancelled))
          << text;
    }
  }
}

TEST_P(PastEventsContract, OfRowsThatAreOlderThanFeedSeqComeByTheirRecordTimes) {
  const Purchase order = MakeOrder("c-1", "1");
  ASSERT_TRUE(RunBatch({order}, {}).ok());
  for (const char* text : {"UPDATE purchase SET feed_seq = 0, record_time = record_time + 5",
                           "UPDATE customer SET create_occur_time = NULL"}) {
    const sql::Statement forget{"Forget", text};
    ASSERT_TRUE(Write([&](sql::Tx& tx) { return tx.Execute(forget, {}).status(); }).ok());
  }
  EXPECT_EQ(Past(1), Past(500));
  EXPECT_EQ(Past(500).size(), 3u);
}

TEST_P(PastEventsContract, SpanMoreCustomersThanOnePageMay) {
  constexpr int kCustomerCount = 2 * kExportCustomersMax;
  std::vector<Purchase> orders;
  orders.reserve(kCustomerCount);
  for (int i = 0; i < kCustomerCount; ++i) {
    orders.push_back(MakeOrder(absl::StrCat("c-", 1000 + i), absl::StrCat(i)));
  }
  ASSERT_TRUE(RunBatch(orders, {}).ok());
  EXPECT_EQ(Past(500).size(), 3 * orders.size());
}

}  // namespace
}  // namespace clientele::profile
