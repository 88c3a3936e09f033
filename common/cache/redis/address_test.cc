#include "common/cache/redis/address.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::redis {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(ParseAddress, ReadsWhatToTextWrites) {
  for (const char* text : {"cache.example:6379", "[::1]:7000", "unix:/run/redis.sock"}) {
    const auto address = ParseAddress(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_EQ(ToText(*address), text);
  }
  EXPECT_EQ(ParseAddress("[::1]:7000")->host, "::1");
}

TEST(ParseAddress, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", "host", "host:", "host:0", "host:65536", "host:x", ":6379", "[::1:6379", "unix:"}) {
    EXPECT_FALSE(ParseAddress(text).ok()) << text;
  }
}

TEST(Resolve, FindsNumbersAtOnce) {
  EXPECT_THAT(*Resolve({.host = "127.0.0.1", .port = 1}, ResolveBy::kNumberOnly), SizeIs(1));
  EXPECT_THAT(*Resolve({.host = "::1", .port = 1}, ResolveBy::kNumberOnly), SizeIs(1));
  EXPECT_THAT(*Resolve({.path = "/tmp/redis.sock"}, ResolveBy::kNumberOnly), SizeIs(1));
}

TEST(Resolve, AsksTheSystemForANameOnlyWhenAllowed) {
  const Address named{.host = "localhost", .port = 1};
  EXPECT_TRUE(absl::IsUnavailable(Resolve(named, ResolveBy::kNumberOnly).status()));
  EXPECT_THAT(*Resolve(named, ResolveBy::kName), Not(IsEmpty()));
}

TEST(Resolve, RefusesAUnixPathThatIsTooLong) {
  const Address address{.path = std::string(200, 'x')};
  EXPECT_TRUE(absl::IsUnavailable(Resolve(address, ResolveBy::kNumberOnly).status()));
}

}  // namespace
}  // namespace clientele::redis
