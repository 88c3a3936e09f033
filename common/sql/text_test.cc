#include "common/sql/text.h"

#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

constexpr Text kColumns = "a, b";

TEST(Text, JoinsLiteralsAndTextsAsTheyStand) {
  EXPECT_EQ(kTextOf<kColumns>, "a, b");
  EXPECT_EQ((kTextOf<"SELECT " + kColumns + " FROM t">), "SELECT a, b FROM t");
  constexpr auto kHead = "SELECT " + kColumns + " FROM t WHERE ";
  EXPECT_EQ(kTextOf<kHead + "a = $1">, "SELECT a, b FROM t WHERE a = $1");
}

TEST(Text, NumbersParameters) {
  EXPECT_EQ(kTextOf<Parameters<1>()>, "$1");
  EXPECT_EQ((kTextOf<Parameters<4, 2>()>), "($1, $2), ($3, $4)");
  EXPECT_EQ(kTextOf<"IN (" + Parameters<11>() + ")">,
            "IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
  const absl::string_view many = kTextOf<Parameters<256, 2>()>;
  EXPECT_EQ(many.substr(many.size() - 12), "($255, $256)");
}

}  // namespace
}  // namespace clientele::sql
