#include "cli/import/refund_matcher.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;

RefundEvent Event(int32_t customer, absl::string_view sku, int64_t price, int64_t quantity) {
  return {{customer, sku, price}, quantity};
}

// The rule, word for word: look back for the last sale of the key with enough left.
std::vector<int32_t> MatchNaively(const std::vector<RefundEvent>& events) {
  std::vector<int32_t> sale_of(events.size(), kNoSale);
  std::vector<int64_t> left(events.size(), 0);
  for (size_t i = 0; i < events.size(); ++i) {
    if (events[i].quantity > 0) left[i] = events[i].quantity;
    if (events[i].quantity > 0) continue;
    for (size_t j = i; j-- > 0;) {
      if (!(events[j].key == events[i].key) || left[j] < -events[i].quantity) continue;
      left[j] += events[i].quantity;
      sale_of[i] = static_cast<int32_t>(j);
      break;
    }
  }
  return sale_of;
}

TEST(MatchRefunds, TakesTheLastSaleWithEnoughLeft) {
  EXPECT_THAT(MatchRefunds({Event(1, "a", 5, 10), Event(1, "a", 5, 2), Event(1, "a", 5, -2),
                            Event(1, "a", 5, -2), Event(1, "a", 5, -9), Event(1, "a", 5, -8)}),
              ElementsAre(kNoSale, kNoSale, 1, 0, kNoSale, 0));
}

TEST(MatchRefunds, NeverSplitsACancellation) {
  EXPECT_THAT(MatchRefunds({Event(1, "a", 5, 2), Event(1, "a", 5, 2), Event(1, "a", 5, -3)}),
              ElementsAre(kNoSale, kNoSale, kNoSale));
}

TEST(MatchRefunds, LooksOnlyBackwards) {
  EXPECT_THAT(MatchRefunds({Event(1, "a", 5, -1), Event(1, "a", 5, 1)}),
              ElementsAre(kNoSale, kNoSale));
}

TEST(MatchRefunds, WantsTheSameCustomerSkuAndPrice) {
  EXPECT_THAT(MatchRefunds({Event(1, "a", 5, 1), Event(2, "a", 5, -1), Event(1, "b", 5, -1),
                            Event(1, "a", 6, -1), Event(1, "a", 5, -1)}),
              ElementsAre(kNoSale, kNoSale, kNoSale, kNoSale, 0));
}

TEST(MatchRefunds, AgreesWithTheRuleWordForWord) {
  std::mt19937 random(20111210);
  const absl::string_view skus[] = {"a", "b"};
  int64_t matched = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<RefundEvent> events;
    const size_t size = random() % 120;
    for (size_t i = 0; i < size; ++i) {
      const int64_t quantity = 1 + static_cast<int64_t>(random() % 6);
      events.push_back(Event(random() % 2, skus[random() % 2], random() % 2,
                             random() % 5 < 3 ? quantity : -quantity));
    }
    const std::vector<int32_t> sale_of = MatchRefunds(events);
    ASSERT_EQ(sale_of, MatchNaively(events)) << "round " << round;
    for (const int32_t sale : sale_of) matched += sale != kNoSale ? 1 : 0;
  }
  EXPECT_GT(matched, 1'000);
}

// A backward scan would take some 10^10 steps here and run into the test's time limit.
TEST(MatchRefunds, StaysFastWhenOneSaleIsRepeatedAndNothingFits) {
  std::vector<RefundEvent> events(200'000, Event(1, "a", 5, 1));
  events.insert(events.end(), 200'000, Event(1, "a", 5, -2));
  EXPECT_THAT(MatchRefunds(events), ::testing::Each(kNoSale));
}

}  // namespace
}  // namespace clientele::cli
