#include "cli/generate/basket.h"

#include <algorithm>

namespace clientele::cli {
namespace {

// Lines taken for what they are before the rest of the worth is filled up.
constexpr uint32_t kChosenLinesMax = 2;
constexpr int64_t kChosenQuantityMax = 3;

// The rest is filled with products of at least this fraction of it, so that nobody buys 500 pens.
constexpr int64_t kFillingPriceDivisor = 10;

// Index of the first product above `price_minor`.
uint32_t CountUpTo(int64_t price_minor) {
  const auto products = Products();
  return static_cast<uint32_t>(std::upper_bound(products.begin(), products.end(), price_minor,
                                                [](int64_t price, const Product& product) {
                                                  return price < product.price_minor;
                                                }) -
                               products.begin());
}

void Add(const Product& product, int64_t quantity, std::vector<BasketLine>& lines) {
  for (BasketLine& line : lines) {
    if (line.product == &product) {
      line.quantity += quantity;
      return;
    }
  }
  lines.push_back({&product, quantity});
}

}  // namespace

std::vector<BasketLine> FillBasket(int64_t worth_minor, Random& random) {
  const auto products = Products();
  std::vector<BasketLine> lines;
  int64_t left_minor = std::max(worth_minor, products.front().price_minor);
  // 1. Some lines of anything that takes at most half of what is left.
  for (uint32_t i = random.Below(kChosenLinesMax + 1); i > 0; --i) {
    const uint32_t affordable = CountUpTo(left_minor / 2);
    if (affordable == 0) break;
    const Product& product = products[random.Below(affordable)];
    const int64_t quantity_max = std::min(left_minor / 2 / product.price_minor, kChosenQuantityMax);
    const int64_t quantity = 1 + random.Below(static_cast<uint32_t>(quantity_max));
    Add(product, quantity, lines);
    left_minor -= quantity * product.price_minor;
  }
  // 2. The rest, each line leaving less than the price of one of its units.
  while (lines.size() < kBasketLinesMax && left_minor >= products.front().price_minor) {
    const uint32_t end = CountUpTo(left_minor);
    const uint32_t begin = std::min(CountUpTo(left_minor / kFillingPriceDivisor), end - 1);
    const Product& product = products[begin + random.Below(end - begin)];
    const int64_t quantity = left_minor / product.price_minor;
    Add(product, quantity, lines);
    left_minor -= quantity * product.price_minor;
  }
  return lines;
}

int64_t BasketMinor(const std::vector<BasketLine>& lines) {
  int64_t sum = 0;
  for (const BasketLine& line : lines) {
    sum += line.quantity * line.product->price_minor;
  }
  return sum;
}

}  // namespace clientele::cli
