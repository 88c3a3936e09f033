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

}  // namespace
}  // namespace clientele::sql
