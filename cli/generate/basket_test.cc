#include "cli/generate/basket.h"

#include <set>

#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

TEST(Basket, ComesNearItsWorthWithoutExceedingIt) {
  Random random(1, 0);
  int baskets = 0, near = 0;
  for (int64_t worth_minor = 175; worth_minor < 2'000'000; worth_minor += 997) {
    const int64_t basket_minor = BasketMinor(FillBasket(worth_minor, random));
    EXPECT_LE(basket_minor, worth_minor);
    EXPECT_GE(basket_minor, worth_minor * 0.5) << worth_minor;
    ++baskets;
    if (worth_minor - basket_minor < Products().front().price_minor) ++near;
  }
  EXPECT_GT(near, baskets * 0.9);
}

TEST(Basket, HasDifferentProductsInAFewLines) {
  Random random(2, 0);
  std::set<size_t> sizes;
  for (int i = 0; i < 2'000; ++i) {
    const std::vector<BasketLine> lines = FillBasket(random.Below(40'000), random);
    std::set<absl::string_view> skus;
    for (const BasketLine& line : lines) {
      EXPECT_GE(line.quantity, 1);
      skus.insert(line.product->sku);
    }
    EXPECT_EQ(skus.size(), lines.size());
    sizes.insert(lines.size());
  }
  EXPECT_EQ(*sizes.begin(), 1u);
  EXPECT_EQ(*sizes.rbegin(), kBasketLinesMax);
}

TEST(Basket, SellsTheCheapestThingWhenTheWorthBuysNothing) {
  Random random(3, 0);
  const std::vector<BasketLine> lines = FillBasket(1, random);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(BasketMinor(lines), Products().front().price_minor);
}

}  // namespace
}  // namespace clientele::cli
