#include "common/cache/redis/slot.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/cache/redis/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::redis {
namespace {

using ::testing::ElementsAre;

const Address kAsked{.host = "10.0.0.1", .port = 6379};

// What a server sends as `text`.
Reply Read(absl::string_view text) {
  ReplyReader reader;
  reader.Feed(text);
  return **reader.Next();
}

TEST(SlotOf, AgreesWithRedis) {
  EXPECT_EQ(SlotOf("123456789"), 0x31C3 % kSlotCount);  // the check value of the CRC
  EXPECT_EQ(SlotOf("foo"), 12182);                      // CLUSTER KEYSLOT foo
  EXPECT_EQ(SlotOf(""), 0);
}

TEST(SlotOf, HashesOnlyWhatStandsInTheFirstBraces) {
  EXPECT_EQ(SlotOf("{user}.a"), SlotOf("{user}.b"));
  EXPECT_EQ(SlotOf("x{user}"), SlotOf("user"));
  EXPECT_NE(SlotOf("{}a"), SlotOf("{}b"));
  EXPECT_EQ(SlotOf("{{a}}"), SlotOf("{a"));
}

TEST(SlotMap, KnowsWhoServesEachSlot) {
  const auto map = SlotMap::FromReply(
      Read("*3\r\n*3\r\n:0\r\n:5\r\n*2\r\n$8\r\n10.0.0.2\r\n:7000\r\n"
           "*4\r\n:6\r\n:6\r\n*3\r\n$0\r\n\r\n:7001\r\n$2\r\nid\r\n*2\r\n$1\r\nr\r\n:1\r\n"
           "*3\r\n:10\r\n:16383\r\n*2\r\n$8\r\n10.0.0.2\r\n:7000\r\n"),
      kAsked);
  ASSERT_TRUE(map.ok());
  EXPECT_THAT(map->masters(), ElementsAre(Address{.host = "10.0.0.2", .port = 7000},
                                          Address{.host = "10.0.0.1", .port = 7001}));
  EXPECT_EQ(map->MasterOf(0), 0u);
  EXPECT_EQ(map->MasterOf(6), 1u);
  EXPECT_EQ(map->MasterOf(7), std::nullopt);
  EXPECT_EQ(map->MasterOf(16383), 0u);
}

TEST(SlotMap, RefusesWhatIsNoSlotMap) {
  for (const char* text :
       {"+OK\r\n", "*1\r\n:1\r\n", "*1\r\n*2\r\n:0\r\n:5\r\n",
        "*1\r\n*3\r\n:5\r\n:4\r\n*2\r\n$1\r\nh\r\n:1\r\n",
        "*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\nh\r\n:1\r\n",
        "*1\r\n*3\r\n:-1\r\n:4\r\n*2\r\n$1\r\nh\r\n:1\r\n",
        "*1\r\n*3\r\n:0\r\n:4\r\n*2\r\n$1\r\nh\r\n:0\r\n", "*1\r\n*3\r\n:0\r\n:4\r\n*0\r\n"}) {
    EXPECT_TRUE(absl::IsDataLoss(SlotMap::FromReply(Read(text), kAsked).status())) << text;
  }
}

TEST(SlotMap, RefusesMoreNodesThanAllowed) {
  std::string text = absl::StrCat("*", kNodesMax + 1, "\r\n");
  for (size_t i = 0; i <= kNodesMax; ++i) {
    absl::StrAppend(&text, "*3\r\n:", i, "\r\n:", i, "\r\n*2\r\n$1\r\nh\r\n:", i + 1, "\r\n");
  }
  EXPECT_TRUE(absl::IsDataLoss(SlotMap::FromReply(Read(text), kAsked).status()));
}

TEST(ParseRedirect, ReadsMovedAndAsk) {
  const auto moved = ParseRedirect("MOVED 3999 10.0.0.2:6381", kAsked);
  ASSERT_TRUE(moved.has_value());
  EXPECT_FALSE(moved->ask_once);
  EXPECT_EQ(moved->target, (Address{.host = "10.0.0.2", .port = 6381}));
  const auto ask = ParseRedirect("ASK 3999 ::1:6381", kAsked);
  ASSERT_TRUE(ask.has_value());
  EXPECT_TRUE(ask->ask_once);
  EXPECT_EQ(ask->target, (Address{.host = "::1", .port = 6381}));
}

TEST(ParseRedirect, TakesTheHostOfTheNodeThatNamesNone) {
  EXPECT_EQ(ParseRedirect("MOVED 1 :6381", kAsked)->target.host, kAsked.host);
  EXPECT_EQ(ParseRedirect("MOVED 1 ?:6381", kAsked)->target.host, kAsked.host);
}

TEST(ParseRedirect, LeavesOtherErrorsAlone) {
  for (const char* text :
       {"ERR wrong", "MOVED", "MOVED 1 host", "MOVED 1 host:0", "TRYAGAIN 1 a:1"}) {
    EXPECT_FALSE(ParseRedirect(text, kAsked).has_value()) << text;
  }
}

}  // namespace
}  // namespace clientele::redis
