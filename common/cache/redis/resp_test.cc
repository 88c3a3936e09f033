#include "common/cache/redis/resp.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace clientele::redis {
namespace {

using Kind = Reply::Kind;

TEST(AppendCommand, WritesLengthsSoThatAnyByteMayStandInAnArgument) {
  std::string bytes = "before";
  AppendCommand({"SET", absl::string_view("a\0\r\n", 4), ""}, bytes);
  EXPECT_EQ(bytes, absl::StrCat("before*3\r\n$3\r\nSET\r\n$4\r\n", absl::string_view("a\0\r\n", 4),
                                "\r\n$0\r\n\r\n"));
}

TEST(ReplyReader, ReadsEveryKindOfReply) {
  ReplyReader reader;
  reader.Feed(
      "+OK\r\n-ERR no\r\n:-7\r\n$-1\r\n$3\r\na\r\n\r\n*2\r\n:1\r\n*1\r\n$1\r\nx\r\n*-1\r\n");
  EXPECT_EQ((*reader.Next())->kind, Kind::kStatus);
  const Reply error = **reader.Next();
  EXPECT_TRUE(error.IsError());
  EXPECT_EQ(error.text, "ERR no");
  EXPECT_EQ((*reader.Next())->integer, -7);
  EXPECT_EQ((*reader.Next())->kind, Kind::kNil);
  EXPECT_EQ((*reader.Next())->text, "a\r\n");
  const Reply array = **reader.Next();
  ASSERT_EQ(array.elements.size(), 2u);
  EXPECT_EQ(array.elements[0].integer, 1);
  EXPECT_EQ(array.elements[1].elements[0].text, "x");
  EXPECT_EQ((*reader.Next())->kind, Kind::kNil);
  EXPECT_FALSE(reader.Next()->has_value());
}

TEST(ReplyReader, WaitsForTheEndOfAReply) {
  ReplyReader reader;
  const absl::string_view bytes = "*2\r\n$5\r\nhello\r\n:42\r\n";
  for (size_t i = 0; i + 1 < bytes.size(); ++i) {
    reader.Feed(bytes.substr(i, 1));
    ASSERT_FALSE(reader.Next()->has_value()) << i;
  }
  reader.Feed(bytes.substr(bytes.size() - 1));
  EXPECT_EQ((*reader.Next())->elements[1].integer, 42);
}

TEST(ReplyReader, RefusesAReplyThatIsTooLarge) {
  ReplyReader reader(/*reply_bytes_max=*/10);
  reader.Feed("$100\r\n0123456789");
  EXPECT_TRUE(absl::IsDataLoss(reader.Next().status()));
}

TEST(ReplyReader, CountsTheBytesOfEachReplyAnew) {
  ReplyReader reader(/*reply_bytes_max=*/10);
  for (int i = 0; i < 5; ++i) {
    reader.Feed("$4\r\nab");
    ASSERT_FALSE(reader.Next()->has_value());
    reader.Feed("cd\r\n");
    ASSERT_TRUE(reader.Next()->has_value());
  }
}

TEST(ReplyReader, RefusesAReplyOfTooManyElements) {
  ReplyReader reader(kReplyBytesMax, /*reply_elements_max=*/3);
  reader.Feed("*2\r\n:1\r\n:2\r\n");
  EXPECT_TRUE(reader.Next()->has_value());
  reader.Feed("*2\r\n*2\r\n:1\r\n");  // four in all
  EXPECT_TRUE(absl::IsDataLoss(reader.Next().status()));
}

TEST(ReplyReader, RefusesAReplyNestedTooDeep) {
  ReplyReader reader;
  std::string bytes;
  for (int i = 0; i < 20; ++i) {
    bytes += "*1\r\n";
  }
  reader.Feed(bytes);
  EXPECT_TRUE(absl::IsDataLoss(reader.Next().status()));
}

TEST(ReplyReader, RefusesWhatIsNoReply) {
  ReplyReader reader;
  reader.Feed("HTTP/1.1 400 Bad Request\r\n");
  EXPECT_TRUE(absl::IsDataLoss(reader.Next().status()));
}

}  // namespace
}  // namespace clientele::redis
