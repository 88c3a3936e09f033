#include "common/pagination/page_size.h"

#include <limits>

#include "gtest/gtest.h"

namespace clientele {
namespace {

constexpr PageSizeLimits kLimits = {.default_count = 50, .max_count = 1'000};

TEST(PageSize, TakesTheDefaultForZeroAndCoercesWhatIsTooLarge) {
  Violations violations;
  EXPECT_EQ(ResolvePageSize(0, kLimits, violations), 50);
  EXPECT_EQ(ResolvePageSize(1, kLimits, violations), 1);
  EXPECT_EQ(ResolvePageSize(1'000, kLimits, violations), 1'000);
  EXPECT_EQ(ResolvePageSize(1'001, kLimits, violations), 1'000);
  EXPECT_EQ(ResolvePageSize(std::numeric_limits<int32_t>::max(), kLimits, violations), 1'000);
  EXPECT_TRUE(violations.empty());
}

TEST(PageSize, RefusesANegativeOne) {
  Violations violations;
  ResolvePageSize(-1, kLimits, violations);
  ASSERT_EQ(violations.all().size(), 1u);
  EXPECT_EQ(violations.all()[0].field, "page_size");
  EXPECT_EQ(violations.all()[0].description, "must not be negative");
}

}  // namespace
}  // namespace clientele
