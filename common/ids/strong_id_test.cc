#include "common/ids/strong_id.h"

#include <type_traits>
#include <unordered_set>

#include "absl/container/flat_hash_set.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

struct LeftTag;
struct RightTag;
using LeftId = StrongId<LeftTag>;
using RightId = StrongId<RightTag>;

static_assert(!std::is_convertible_v<LeftId, RightId>, "ids of two kinds must not mix");
static_assert(!std::is_constructible_v<LeftId, RightId>, "ids of two kinds must not mix");
static_assert(!std::is_convertible_v<const char*, LeftId>, "making an id must be visible");

TEST(StrongId, ComparesByItsBytes) {
  EXPECT_EQ(LeftId("a-1"), LeftId("a-1"));
  EXPECT_NE(LeftId("a-1"), LeftId("a-2"));
  EXPECT_LT(LeftId("a-10"), LeftId("a-2"));
}

TEST(StrongId, IsEmptyUntilGivenAValue) {
  EXPECT_TRUE(LeftId().empty());
  EXPECT_FALSE(LeftId("a-1").empty());
  EXPECT_EQ(LeftId("a-1").value(), "a-1");
}

TEST(StrongId, HashesEqualIdsAlike) {
  absl::flat_hash_set<LeftId> absl_set = {LeftId("a-1"), LeftId("a-1"), LeftId("a-2")};
  std::unordered_set<LeftId> std_set = {LeftId("a-1"), LeftId("a-1"), LeftId("a-2")};
  EXPECT_EQ(absl_set.size(), 2u);
  EXPECT_EQ(std_set.size(), 2u);
}

}  // namespace
}  // namespace clientele
