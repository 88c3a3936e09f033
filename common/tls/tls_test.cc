// Servers and channels that really shake hands.

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/rpc/client.h"
#include "common/rpc/rpc_server.h"
#include "common/rpc/testing/test_pipeline.h"
#include "common/testing/temp_folder.h"
#include "common/tls/client_tls.h"
#include "common/tls/server_tls.h"
#include "common/tls/testing/test_authority.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "gtest/gtest.h"

namespace clientele::tls {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kHere[] = "IP:127.0.0.1";

// A server that has nothing but its health, and channels to it.
class Tls : public ::testing::Test {
 protected:
  Tls() {
    Write("ca.pem", authority_.certificate());
    Install("server", authority_.Sign(kHere));
  }

  std::string File(const std::string& name) const { return folder_.File(name); }

  // Replaces the file in one step.
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(File("new")) << text;
    ASSERT_EQ(std::rename(File("new").c_str(), File(name).c_str()), 0);
  }

  void Install(const std::string& name, const PemPair& pair) const {
    Write(name + ".pem", pair.certificate);
    Write(name + ".key", pair.key);
  }

  void StartServer(ClientCertificates client_certificates = ClientCertificates::kNone) {
    auto loaded = ServerTls::Load(
        {.certificate_file = File("server.pem"),
         .key_file = File("server.key"),
         .client_ca_file = client_certificates == ClientCertificates::kNone ? "" : File("ca.pem"),
         .client_certificates = client_certificates,
         .on_unusable_files = [this](const absl::Status& why) {
           unusable_.emplace_back(why.message());
         }});
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    tls_ = *std::move(loaded);
    auto started = rpc::RpcServer::Start({.credentials = ServerTls::MakeCredentials(tls_)},
                                         pipeline_.pipeline(), std::vector<rpc::ServedService>{});
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
  }

  // Of a connection of its own.
  absl::Status Ask(const ClientTlsFiles& files) const {
    auto credentials = LoadClientCredentials(files);
    return credentials.ok() ? AskWith(*credentials) : credentials.status();
  }

  absl::Status AskWith(const std::shared_ptr<grpc::ChannelCredentials>& credentials) const {
    const auto stub = grpc::health::v1::Health::NewStub(
        rpc::Connect(server_->address(), {.credentials = credentials, .bearer_token = nullptr}));
    return Check(*stub);
  }

  static absl::Status Check(grpc::health::v1::Health::Stub& stub) {
    return rpc::CallUnary<grpc::health::v1::HealthCheckResponse>(
               rpc::NewCall(absl::Seconds(30)),
               [&](grpc::ClientContext* context, grpc::health::v1::HealthCheckResponse* response) {
                 return stub.Check(context, {}, response);
               })
        .status();
  }

  ClientTlsFiles Trusting() const {
    return {.ca_file = File("ca.pem"), .certificate_file = "", .key_file = ""};
  }

  ClientTlsFiles Showing(const std::string& name) const {
    return {.ca_file = File("ca.pem"),
            .certificate_file = File(name + ".pem"),
            .key_file = File(name + ".key")};
  }

  const TempFolder folder_;
  const TestAuthority authority_{"ca"};
  std::vector<std::string> unusable_;
  rpc::TestPipeline pipeline_{"thing"};
  std::shared_ptr<ServerTls> tls_;
  std::unique_ptr<rpc::RpcServer> server_;
};

TEST_F(Tls, CarriesCallsToWhoTrustsTheServersAuthority) {
  StartServer();
  EXPECT_EQ(Ask(Trusting()), absl::OkStatus());
  Write("other.pem", TestAuthority("other").certificate());
  EXPECT_EQ(Ask({.ca_file = File("other.pem"), .certificate_file = "", .key_file = ""}).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(AskWith(nullptr).code(), absl::StatusCode::kUnavailable);
}

TEST_F(Tls, RefusesAServerWithAnotherName) {
  Install("server", authority_.Sign("DNS:elsewhere.test,IP:10.0.0.1"));
  StartServer();
  EXPECT_EQ(Ask(Trusting()).code(), absl::StatusCode::kUnavailable);
}

TEST_F(Tls, RefusesClientsAsItIsTold) {
  Install("client", authority_.Sign("DNS:client.test"));
  Install("stranger", TestAuthority("other").Sign("DNS:client.test"));
  StartServer(ClientCertificates::kRequest);
  EXPECT_EQ(Ask(Trusting()), absl::OkStatus());
  EXPECT_EQ(Ask(Showing("client")), absl::OkStatus());
  EXPECT_FALSE(Ask(Showing("stranger")).ok());
  server_.reset();
  StartServer(ClientCertificates::kRequire);
  EXPECT_FALSE(Ask(Trusting()).ok());
  EXPECT_EQ(Ask(Showing("client")), absl::OkStatus());
  EXPECT_FALSE(Ask(Showing("stranger")).ok());
}

TEST_F(Tls, AnswersAProbeOfItselfAtAnyAddress) {
  Install("server", authority_.Sign("DNS:service.test"));
  StartServer(ClientCertificates::kRequire);
  EXPECT_FALSE(AskWith(*LoadLocalProbeCredentials({})).ok());
  EXPECT_EQ(AskWith(*LoadLocalProbeCredentials(Showing("server"))), absl::OkStatus());
}

TEST_F(Tls, ShowsNewConnectionsTheNewCertificateAndLeavesOthersAlone) {
  StartServer();
  const auto before = grpc::health::v1::Health::NewStub(
      rpc::Connect(server_->address(),
                   {.credentials = *LoadClientCredentials(Trusting()), .bearer_token = nullptr}));
  ASSERT_EQ(Check(*before), absl::OkStatus());
  const TestAuthority next("next");
  Write("next.pem", next.certificate());
  Install("server", next.Sign(kHere, absl::Hours(72)));
  EXPECT_GT(tls_->CertificateExpireTime(), absl::Now() + absl::Hours(71));
  EXPECT_FALSE(Ask(Trusting()).ok());
  EXPECT_EQ(Ask({.ca_file = File("next.pem"), .certificate_file = "", .key_file = ""}),
            absl::OkStatus());
  EXPECT_EQ(Check(*before), absl::OkStatus());
  EXPECT_THAT(unusable_, IsEmpty());
}

TEST_F(Tls, KeepsTheCertificateWhileTheNewOneCannotBeUsed) {
  StartServer();
  const PemPair next = authority_.Sign(kHere, absl::Hours(72));
  Write("server.pem", next.certificate);  // the key is still the other one's
  EXPECT_EQ(Ask(Trusting()), absl::OkStatus());
  EXPECT_EQ(Ask(Trusting()), absl::OkStatus());
  EXPECT_THAT(unusable_, ElementsAre(HasSubstr("is not the key of the certificate in")));
  EXPECT_LT(tls_->CertificateExpireTime(), absl::Now() + absl::Hours(25));
  Write("server.key", next.key);
  EXPECT_EQ(Ask(Trusting()), absl::OkStatus());
  EXPECT_GT(tls_->CertificateExpireTime(), absl::Now() + absl::Hours(71));
  EXPECT_EQ(unusable_.size(), 1U);
}

TEST_F(Tls, TakesNoCertificateThatGrpcWouldQuietlyRefuse) {
  StartServer();
  Install("server", authority_.SignWeakKey(kHere));
  EXPECT_EQ(Ask(Trusting()), absl::OkStatus());
  EXPECT_LT(tls_->CertificateExpireTime(), absl::Now() + absl::Hours(25));
  EXPECT_THAT(unusable_,
              ElementsAre(HasSubstr("server.pem holds what TLS does not take: ee key too small")));
  Install("server", authority_.Sign(kHere, absl::Hours(72)));
  EXPECT_GT(tls_->CertificateExpireTime(), absl::Now() + absl::Hours(71));
}

TEST_F(Tls, SaysWhichFileCannotBeUsed) {
  std::string cut = authority_.certificate() + authority_.certificate();
  Write("cut.pem", cut.replace(cut.size() - 60, 9, "?????????"));
  EXPECT_THAT(std::string(LoadAuthorities(File("cut.pem")).status().message()),
              HasSubstr("cut.pem holds a certificate that cannot be read: "));
  Write("text.pem", "no certificate");
  EXPECT_THAT(std::string(LoadAuthorities(File("text.pem")).status().message()),
              HasSubstr("text.pem holds no certificate in PEM form"));
  EXPECT_THAT(std::string(LoadKeyPair(File("server.pem"), File("ca.pem")).status().message()),
              HasSubstr("ca.pem holds no key in PEM form without a passphrase"));
  EXPECT_THAT(std::string(LoadKeyPair(File("none.pem"), File("ca.pem")).status().message()),
              HasSubstr("none.pem cannot be read: No such file"));
  EXPECT_THAT(
      std::string(LoadClientCredentials(
                      {.ca_file = "", .certificate_file = File("server.pem"), .key_file = ""})
                      .status()
                      .message()),
      HasSubstr("the key of the TLS certificate"));
  EXPECT_THAT(std::string(LoadClientCredentials({.ca_file = "",
                                                 .certificate_file = File("server.pem"),
                                                 .key_file = File("server.key")})
                              .status()
                              .message()),
              HasSubstr("no file of the authorities"));
  EXPECT_EQ(*LoadClientCredentials({}), nullptr);
}

TEST_F(Tls, SaysWhenTheCertificateThatChannelsShowExpires) {
  const absl::Time now = absl::Now();
  const auto sign = [this](absl::Duration lifetime) {
    return authority_.Sign("DNS:client.test", lifetime);
  };
  Install("client", sign(absl::Hours(24)));
  ClientCertificate shown({.ca_file = File("ca.pem"),
                           .certificate_file = File("client.pem"),
                           .key_file = File("client.key")});
  const auto days_left = [&] {
    return (shown.ExpireTime().value() - now + absl::Hours(1)) / absl::Hours(24);
  };
  EXPECT_EQ(static_cast<int>(days_left()), 1);
  Install("client", sign(absl::Hours(24 * 9)));
  EXPECT_EQ(static_cast<int>(days_left()), 9);
  Write("client.key", "no key");
  EXPECT_EQ(static_cast<int>(days_left()), 9);
  ClientCertificate unusable(
      {.certificate_file = File("client.pem"), .key_file = File("client.key")});
  EXPECT_EQ(unusable.ExpireTime(), std::nullopt);
}

TEST_F(Tls, ReadsATokenAgainWhenItsFileIsReplaced) {
  EXPECT_FALSE(*LoadTokenFile(""));
  Write("token", "first.token\nmore\n");
  const auto token = *LoadTokenFile(File("token"));
  EXPECT_EQ(token(), "first.token");
  Write("token", "second.token");
  EXPECT_EQ(token(), "second.token");
  Write("token", "");
  EXPECT_EQ(token(), "second.token");
  EXPECT_THAT(std::string(LoadTokenFile(File("token")).status().message()),
              HasSubstr("holds no token in its first line"));
  Write("token", "with blanks");
  EXPECT_FALSE(LoadTokenFile(File("token")).ok());
}

}  // namespace
}  // namespace clientele::tls
