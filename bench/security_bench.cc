// What full security costs: a cached GetCustomer over mutual TLS with a token, audited, beside the
// same call to the same server with all of that off (P2 of the quality plan).
//
// Usage: security_bench [--rounds N] [--round-ms N] [--in-flight N]
//   --rounds N      pairs of measurements, one of each kind, interleaved (default 7)
//   --round-ms N    how long each lasts (default 1000)
//   --in-flight N   calls under way at a time, each begun by the end of another (default 64)
// Both servers are profile as it runs in production, without Redis; values are sealed on both, as
// that cannot be switched off. Servers and client share this process and its CPUs: what the client
// pays for TLS counts too. Prints one JSON object with the figures of each round.

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "bench/call_load.h"
#include "bench/customer.h"
#include "bench/flags.h"
#include "bench/loopback_server.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/auth/testing/token_signer.h"
#include "common/rpc/client.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"
#include "common/tls/client_tls.h"
#include "common/tls/testing/test_authority.h"
#include "services/profile/profile_definition.h"

namespace clientele::bench {
namespace {

constexpr char kIssuer[] = "https://id.bench";
constexpr char kAudience[] = "clientele";

struct Options {
  int64_t rounds = 7;
  int64_t round_ms = 1000;
  int64_t in_flight = 64;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  ParseFlags(argc, argv,
             {{"--rounds", &options.rounds},
              {"--round-ms", &options.round_ms},
              {"--in-flight", &options.in_flight}});
  return options;
}

std::string WriteFile(const TempFolder& folder, const std::string& name, const std::string& text) {
  std::string path = folder.File(name);
  std::ofstream(path) << text;
  return path;
}

struct Secrets {
  server::SecurityConfig server;
  rpc::ChannelSecurity client;
};

// Keys, certificates and a token, made for this run.
Secrets MakeSecrets(const TempFolder& folder) {
  const tls::TestAuthority authority("bench");
  const tls::PemPair served = authority.Sign("IP:127.0.0.1");
  const tls::PemPair shown = authority.Sign("DNS:caller.bench");
  const auth::TokenSigner signer(auth::SignatureAlgorithm::kEs256, "bench");
  std::string token = signer.Sign(
      absl::StrFormat(R"({"iss":"%s","aud":"%s","sub":"caller","exp":%d,"roles":["all"]})", kIssuer,
                      kAudience, absl::ToUnixSeconds(absl::Now() + absl::Hours(1))));
  const std::string ca_file = WriteFile(folder, "ca.pem", authority.certificate());
  Secrets secrets;
  secrets.server.tls_cert_file = WriteFile(folder, "server.pem", served.certificate);
  secrets.server.tls_key_file = WriteFile(folder, "server.key", served.key);
  secrets.server.tls_client_ca_file = ca_file;
  secrets.server.tls_client_auth = "require";
  secrets.server.auth_mode = "jwt";
  secrets.server.auth_roles = {"all=*"};
  secrets.server.jwt_jwks_file = WriteFile(folder, "jwks.json", signer.KeySet());
  secrets.server.jwt_issuer = kIssuer;
  secrets.server.jwt_audience = kAudience;
  auto credentials = tls::LoadClientCredentials(
      {.ca_file = ca_file,
       .certificate_file = WriteFile(folder, "client.pem", shown.certificate),
       .key_file = WriteFile(folder, "client.key", shown.key)});
  CLIENTELE_CHECK(credentials.ok());
  secrets.client.credentials = *std::move(credentials);
  secrets.client.bearer_token = [token = std::move(token)] { return token; };
  return secrets;
}

// Profile with one customer on a new SQLite database, and a client of it.
class Side {
 public:
  Side(const std::string& database_path, const Secrets& secrets)
      : server_(profile::ProfileDefinition(),
                {.database_path = database_path, .security = secrets.server}) {
    server_.Serve();
    stub = profile::v1::CustomerService::NewStub(
        rpc::Connect(server_.runtime().address(), secrets.client));
    CreateCustomer(*stub);
  }

  std::unique_ptr<profile::v1::CustomerService::Stub> stub;

 private:
  LoopbackServer server_;
};

void RunBench(const Options& options) {
  const TempFolder folder;
  Side secured(folder.File("secured.db"), MakeSecrets(folder));
  Side open(folder.File("open.db"), {});
  profile::v1::GetCustomerRequest get;
  get.set_customer_id(kCustomerId);
  const auto load_of = [&get](Side& side) {
    return MakeCallLoad<profile::v1::Customer>(
        [&get, &side](auto* context, auto* response, auto done) {
          side.stub->async()->GetCustomer(context, &get, response, std::move(done));
        });
  };
  auto secured_load = load_of(secured);
  auto open_load = load_of(open);

  const absl::Duration lasting = absl::Milliseconds(options.round_ms);
  std::vector<double> secured_per_s;
  std::vector<double> open_per_s;
  for (int64_t round = -1; round < options.rounds; ++round) {
    const double open_rate = open_load.CallsPerSecond(lasting, options.in_flight);
    const double secured_rate = secured_load.CallsPerSecond(lasting, options.in_flight);
    if (round < 0) continue;  // connections are made, memory is touched
    open_per_s.push_back(open_rate);
    secured_per_s.push_back(secured_rate);
  }
  absl::PrintF("{\"secured_per_s\":[%s],\"open_per_s\":[%s]}\n", absl::StrJoin(secured_per_s, ","),
               absl::StrJoin(open_per_s, ","));
}

}  // namespace
}  // namespace clientele::bench

int main(int argc, char** argv) {
  clientele::bench::RunBench(clientele::bench::ParseOptions(argc, argv));
}
