#include "bench/security.h"

#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/auth/testing/token_signer.h"
#include "common/status/macros.h"
#include "common/tls/client_tls.h"
#include "common/tls/testing/test_authority.h"

namespace clientele::bench {
namespace {

constexpr char kIssuer[] = "https://id.bench";
constexpr char kAudience[] = "clientele";

std::string WriteFile(const TempFolder& folder, const std::string& name, const std::string& text) {
  std::string path = folder.File(name);
  std::ofstream(path) << text;
  return path;
}

}  // namespace

Secrets MakeTokenSecrets(const TempFolder& folder) {
  const auth::TokenSigner signer(auth::SignatureAlgorithm::kEs256, "bench");
  std::string token = signer.Sign(
      absl::StrFormat(R"({"iss":"%s","aud":"%s","sub":"caller","exp":%d,"roles":["all"]})", kIssuer,
                      kAudience, absl::ToUnixSeconds(absl::Now() + absl::Hours(1))));
  Secrets secrets;
  secrets.server.auth_mode = "jwt";
  secrets.server.auth_roles = {"all=*"};
  secrets.server.jwt_jwks_file = WriteFile(folder, "jwks.json", signer.KeySet());
  secrets.server.jwt_issuer = kIssuer;
  secrets.server.jwt_audience = kAudience;
  secrets.client.bearer_token = [token = std::move(token)] { return token; };
  return secrets;
}

Secrets MakeTlsSecrets(const TempFolder& folder) {
  const tls::TestAuthority authority("bench");
  const tls::PemPair served = authority.Sign("IP:127.0.0.1");
  const tls::PemPair shown = authority.Sign("DNS:caller.bench");
  const std::string ca_file = WriteFile(folder, "ca.pem", authority.certificate());
  Secrets secrets = MakeTokenSecrets(folder);
  secrets.server.tls_cert_file = WriteFile(folder, "server.pem", served.certificate);
  secrets.server.tls_key_file = WriteFile(folder, "server.key", served.key);
  secrets.server.tls_client_ca_file = ca_file;
  secrets.server.tls_client_auth = "require";
  auto credentials = tls::LoadClientCredentials(
      {.ca_file = ca_file,
       .certificate_file = WriteFile(folder, "client.pem", shown.certificate),
       .key_file = WriteFile(folder, "client.key", shown.key)});
  CLIENTELE_CHECK(credentials.ok());
  secrets.client.credentials = *std::move(credentials);
  return secrets;
}

}  // namespace clientele::bench
