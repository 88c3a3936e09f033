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

constexpr Protection kNothing;
constexpr Protection kAll = {.is_encrypted = true, .authenticates = true};

TEST(BindAddressTest, TellsThisMachineFromOthers) {
  for (const char* text : {"127.0.0.1:1", "[::1]:1", "localhost:1"}) {
    EXPECT_TRUE(IsLoopback(text)) << text;
  }
  for (const char* text : {"10.0.0.1:1", "0.0.0.0:1", "profile:1", "dns:///localhost:1", ""}) {
    EXPECT_FALSE(IsLoopback(text)) << text;
  }
}

TEST(BindAddressTest, WantsNoProtectionWhereThisMachineAloneCanCome) {
  for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1"}) {
    EXPECT_TRUE(CheckMayListen(*ParseBindAddress(text), kNothing).ok()) << text;
  }
}

TEST(BindAddressTest, WantsTlsAndAuthenticationWhereOthersCanCome) {
  for (const char* text :
       {"0.0.0.0:1", "10.0.0.1:1", "[::]:1", "[::ffff:127.0.0.1]:1", "128.0.0.1:1"}) {
    const BindAddress address = *ParseBindAddress(text);
    EXPECT_TRUE(CheckMayListen(address, kAll).ok()) << text;
    const absl::Status plain = CheckMayListen(address, {.authenticates = true});
    EXPECT_EQ(plain.code(), absl::StatusCode::kFailedPrecondition) << text;
    EXPECT_THAT(std::string(plain.message()), HasSubstr("without TLS: set tls.cert_file"));
    const absl::Status open = CheckMayListen(address, {.is_encrypted = true});
    EXPECT_EQ(open.code(), absl::StatusCode::kFailedPrecondition) << text;
    EXPECT_THAT(std::string(open.message()), HasSubstr("with auth.mode none: set it"));
  }
}

TEST(BindAddressTest, WantsNothingFromWhoSaysThatItShallBeInsecure) {
  EXPECT_TRUE(CheckMayListen(*ParseBindAddress("0.0.0.0:1"), {.is_waived = true}).ok());
}

}  // namespace
}  // namespace clientele::rpc
