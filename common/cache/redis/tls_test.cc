#include "common/cache/redis/tls.h"

#include <csignal>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/cache/redis/connection.h"
#include "common/cache/redis/testing/private_redis.h"
#include "common/testing/temp_folder.h"
#include "gtest/gtest.h"

namespace clientele::redis {
namespace {

// A redis-server that speaks TLS only to who shows a certificate of its authority; its own is for
// "cache.test" and 127.0.0.1.
class RedisTls : public ::testing::Test {
 protected:
  RedisTls() {
    std::signal(SIGPIPE, SIG_IGN);
    MakeAuthority("ca");
    MakeAuthority("other");
    Sign("server", "subjectAltName=DNS:cache.test,IP:127.0.0.1");
    Sign("client", "subjectAltName=DNS:client.test");
    redis_ = std::make_unique<PrivateRedis>(std::vector<std::string>{
        "--tls-port", absl::StrCat(port_), "--tls-cert-file", File("server.pem"), "--tls-key-file",
        File("server.key"), "--tls-ca-cert-file", File("ca.pem")});
  }

  std::string File(absl::string_view name) const { return folder_.File(name); }

  void MakeAuthority(const std::string& name) const {
    RunTool({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=" + name, "-keyout", File(name + ".key"), "-out", File(name + ".pem")});
  }

  // Makes NAME.key and NAME.pem, signed by "ca".
  void Sign(const std::string& name, const std::string& extension) const {
    RunTool({"openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=" + name, "-keyout",
             File(name + ".key"), "-out", File(name + ".csr")});
    std::ofstream(File(name + ".ext")) << extension << "\n";
    RunTool({"openssl", "x509", "-req", "-days", "2", "-in", File(name + ".csr"), "-CA",
             File("ca.pem"), "-CAkey", File("ca.key"), "-CAcreateserial", "-extfile",
             File(name + ".ext"), "-out", File(name + ".pem")});
  }

  TlsOptions WithClientCertificate() const {
    return {.ca_file = File("ca.pem"),
            .certificate_file = File("client.pem"),
            .key_file = File("client.key"),
            .server_name = ""};
  }

  absl::StatusOr<std::unique_ptr<Connection>> Open(const TlsOptions& options) const {
    auto context = TlsContext::Load(options);
    EXPECT_TRUE(context.ok()) << context.status();
    const Address address{.host = "127.0.0.1", .port = port_};
    Login login;
    login.tls = *std::move(context);
    return Connection::Open(address, *Resolve(address, ResolveBy::kNumberOnly), login, Deadline());
  }

  static absl::Time Deadline() { return absl::Now() + absl::Seconds(30); }

  const TempFolder folder_;
  const int port_ = FreePort();
  std::unique_ptr<PrivateRedis> redis_;
};

// The sentence with which opening or the first command fails.
std::string Failure(absl::StatusOr<std::unique_ptr<Connection>> connection) {
  if (!connection.ok()) {
    return std::string(connection.status().message());
  }
  return std::string(
      (*connection)->Ask({"PING"}, absl::Now() + absl::Seconds(30)).status().message());
}

TEST_F(RedisTls, CarriesCommandsOverAnEncryptedConnection) {
  auto connection = Open(WithClientCertificate());
  ASSERT_TRUE(connection.ok()) << connection.status();
  const std::string value(size_t{3} * 1024 * 1024,
                          'x');  // many records, and writes that have to wait
  EXPECT_EQ((*connection)->Ask({"SET", "k", value}, Deadline())->text, "OK");
  EXPECT_EQ((*connection)->Ask({"GET", "k"}, Deadline())->text, value);
  EXPECT_TRUE((*connection)->IsQuiet());
}

TEST_F(RedisTls, RefusesAServerThatAnotherAuthoritySigned) {
  TlsOptions options = WithClientCertificate();
  options.ca_file = File("other.pem");
  EXPECT_TRUE(absl::StrContains(Failure(Open(options)), "certificate verify failed"));
}

TEST_F(RedisTls, RefusesAServerWithAnotherName) {
  TlsOptions options = WithClientCertificate();
  options.server_name = "elsewhere.test";
  const std::string failure = Failure(Open(options));
  EXPECT_TRUE(absl::StrContains(failure, "hostname mismatch")) << failure;
  options.server_name = "cache.test";
  EXPECT_TRUE(Open(options).ok());
}

TEST_F(RedisTls, IsRefusedByAServerThatWantsACertificate) {
  TlsOptions options = WithClientCertificate();
  options.certificate_file.clear();
  options.key_file.clear();
  EXPECT_NE(Failure(Open(options)), "");
}

TEST_F(RedisTls, GivesUpOnAServerThatDoesNotShakeHands) {
  const auto context = TlsContext::Load(WithClientCertificate());
  redis_->Pause();
  const auto addresses = Resolve({.host = "127.0.0.1", .port = port_}, ResolveBy::kNumberOnly);
  auto socket = Socket::Connect(*addresses, Deadline());
  ASSERT_TRUE(socket.ok());
  const absl::Time deadline = absl::Now() + absl::Milliseconds(20);
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      (*context)->Handshake(*std::move(socket), "127.0.0.1", deadline).status()));
}

TEST_F(RedisTls, SaysWhenTheCertificateThatItShowsExpires) {
  const absl::Time in_two_days = absl::Now() + absl::Hours(48);
  const std::optional<absl::Time> shown =
      TlsContext::Load(WithClientCertificate()).value()->CertificateExpireTime();
  ASSERT_TRUE(shown.has_value());
  EXPECT_LT(absl::AbsDuration(*shown - in_two_days), absl::Hours(1));
  EXPECT_EQ(TlsContext::Load({.ca_file = File("ca.pem")}).value()->CertificateExpireTime(),
            std::nullopt);
}

TEST_F(RedisTls, SaysWhichFileCannotBeUsed) {
  TlsOptions options = WithClientCertificate();
  options.ca_file = File("missing.pem");
  EXPECT_TRUE(absl::StrContains(TlsContext::Load(options).status().message(), "missing.pem"));
  options = WithClientCertificate();
  options.key_file = File("server.key");  // not that of the certificate
  EXPECT_TRUE(absl::StrContains(TlsContext::Load(options).status().message(), "server.key"));
}

}  // namespace
}  // namespace clientele::redis
