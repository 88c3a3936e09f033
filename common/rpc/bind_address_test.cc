#include "common/rpc/bind_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clientele::rpc {
namespace {

using ::testing::HasSubstr;

TEST(BindAddressTest, ReadsIpAddressesAndLocalhost) {
  EXPECT_EQ(ParseBindAddress("127.0.0.1:7001")->ToString(), "127.0.0.1:7001");
  EXPECT_EQ(ParseBindAddress("[::1]:0")->ToString(), "[::1]:0");
  EXPECT_EQ(ParseBindAddress("[::1]:0")->host, "::1");
  EXPECT_EQ(ParseBindAddress("localhost:65535")->ToString(), "127.0.0.1:65535");
}

TEST(BindAddressTest, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", ":80",
                           "::1:80", "[127.0.0.1]:80", "[::1:80", "example.com:80", "[]:1"}) {
    EXPECT_EQ(ParseBindAddress(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(BindAddressTest, TakesOnlyWhatThisMachineAloneCanReachForLoopback) {
  for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1"}) {
    EXPECT_TRUE(CheckIsLoopback(*ParseBindAddress(text)).ok()) << text;
  }
  for (const char* text :
       {"0.0.0.0:1", "10.0.0.1:1", "[::]:1", "[::ffff:127.0.0.1]:1", "128.0.0.1:1"}) {
    const absl::Status status = CheckIsLoopback(*ParseBindAddress(text));
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("not authenticated yet"));
  }
}

}  // namespace
}  // namespace clientele::rpc
