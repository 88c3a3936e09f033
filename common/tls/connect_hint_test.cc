// What gRPC 1.51 says of servers that were really there; tests/e2e/secure_servers_test.py has such.

#include "common/tls/connect_hint.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace clientele::tls {
namespace {

constexpr char kHungUp[] =
    "failed to connect to all addresses; last error: UNAVAILABLE: ipv4:127.0.0.1:32975: Socket "
    "closed";

constexpr ConnectSettings kClear = {
    .tls_name = "--tls-ca", .authority_name = "--tls-ca", .certificate_name = "--tls-cert"};

// By TLS, to a server that fails it so.
std::string HintOf(absl::string_view failure) {
  ConnectSettings settings = kClear;
  settings.uses_tls = true;
  return ConnectHint(absl::StrCat("failed to connect to all addresses; last error: UNKNOWN: "
                                  "ipv4:127.0.0.1:32975: ",
                                  failure),
                     settings);
}

TEST(ConnectHint, TellsWhatAHangUpMayMean) {
  ConnectSettings settings = kClear;
  EXPECT_EQ(ConnectHint(kHungUp, settings), "the server may want TLS: --tls-ca");
  settings.uses_tls = true;
  EXPECT_EQ(ConnectHint(kHungUp, settings), "the server may want a certificate: --tls-cert");
  settings.shows_certificate = true;
  EXPECT_EQ(ConnectHint(kHungUp, settings), "the server may not know the authority of --tls-cert");
}

TEST(ConnectHint, TellsWhyAHandshakeFailed) {
  EXPECT_EQ(HintOf("Tls handshake failed: SSL_ERROR_SSL: error:0A000086:SSL routines::certificate "
                   "verify failed"),
            "the authority in --tls-ca did not sign its certificate, or that is out of date");
  EXPECT_EQ(
      HintOf("Tls handshake failed: SSL_ERROR_SSL: error:0A00010B:SSL routines::wrong version "
             "number"),
      "it speaks clear text: leave --tls-ca out");
  EXPECT_EQ(HintOf("Custom verification check failed with error: UNAUTHENTICATED: Hostname "
                   "Verification Check failed."),
            "its certificate is not for the name or number that it was called by");
}

TEST(ConnectHint, IsSilentAboutWhatIsNotTls) {
  EXPECT_EQ(HintOf("Failed to connect to remote host: Connection refused"), "");
  EXPECT_EQ(ConnectHint("Socket closed", kClear), "") << "it was connected";
  EXPECT_EQ(ConnectHint("DNS resolution failed for no-such-host.invalid:7001: C-ares status is not "
                        "ARES_SUCCESS qtype=A name=no-such-host.invalid is_balancer=0: Domain name "
                        "not found",
                        kClear),
            "");
}

}  // namespace
}  // namespace clientele::tls
