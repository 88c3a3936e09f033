#ifndef CLI_GENERATE_BASKET_H_
#define CLI_GENERATE_BASKET_H_

// What lies in an order of a given worth. Thread safety: pure but for the random numbers.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cli/generate/catalogue.h"
#include "cli/generate/random.h"

namespace clientele::cli {

// Lines of one basket: enough to come near any worth.
inline constexpr size_t kBasketLinesMax = 6;

struct BasketLine {
  const Product* product = nullptr;  // of Products()
  int64_t quantity = 0;              // at least 1
};

// 1 to kBasketLinesMax lines of different products that add up to about `worth_minor`: never above
// it unless it is below the cheapest product, and seldom below it by more than that one costs.
std::vector<BasketLine> FillBasket(int64_t worth_minor, Random& random);

// The sum of the lines.
int64_t BasketMinor(const std::vector<BasketLine>& lines);

}  // namespace clientele::cli

#endif  // CLI_GENERATE_BASKET_H_
