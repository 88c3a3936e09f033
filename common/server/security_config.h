#ifndef COMMON_SERVER_SECURITY_CONFIG_H_
#define COMMON_SERVER_SECURITY_CONFIG_H_

// How a service is protected: TLS of its port and of what it calls, who its callers are, and what
// they may do.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/config/config_schema.h"
#include "common/observability/log.h"
#include "common/rpc/client.h"
#include "common/rpc/identity.h"
#include "common/time/clock.h"
#include "common/tls/client_tls.h"
#include "common/tls/server_tls.h"

namespace clientele::server {

// Each field is a key of the configuration, described at AddSecurityKeys; the values here are the
// defaults.
struct SecurityConfig {
  bool insecure = false;
  std::string tls_cert_file;
  std::string tls_key_file;
  std::string tls_client_ca_file;
  std::string tls_client_auth = "none";
  std::string client_tls_ca_file;
  std::string client_tls_cert_file;
  std::string client_tls_key_file;
  std::string client_auth_token_file;
  std::string auth_mode = "none";
  std::vector<std::string> auth_certificates;
  std::vector<std::string> auth_grants;
  std::vector<std::string> auth_roles;
  std::string jwt_jwks_file;
  std::string jwt_issuer;
  std::string jwt_audience;
  absl::Duration jwt_leeway = absl::Seconds(60);
  std::string jwt_roles_claim = "roles";
};

// Adds the keys to `schema`; `config` outlives it.
void AddSecurityKeys(ConfigSchema& schema, SecurityConfig& config);

// A configuration with its files read.
struct Security {
  std::shared_ptr<tls::ServerTls> tls;  // null = the port is unencrypted
  std::unique_ptr<rpc::Authenticator> authenticator;
  bool authenticates = false;  // else every caller is "local"
  bool insecure = false;
  rpc::ChannelSecurity channels;  // to the services that this one calls
  std::shared_ptr<tls::ClientCertificate> client_certificate;  // shown there; null = none is
};

// FAILED_PRECONDITION or, when it cannot be read, UNAVAILABLE with a sentence when a file cannot be
// used, and INVALID_ARGUMENT when keys contradict each other or one is missing. `peer_addresses`
// are those of the services that are called. `clock` and `logger`, which hears of new files that
// cannot be used, outlive what is returned.
absl::StatusOr<Security> LoadSecurity(const SecurityConfig& config,
                                      absl::Span<const std::string* const> peer_addresses,
                                      const Clock& clock, Logger& logger);

// What `probe` shows to and expects of the server of this configuration at `address`: by a name it
// is looked at as by those who call it. As LoadSecurity otherwise.
absl::StatusOr<rpc::ChannelSecurity> LoadProbeSecurity(const SecurityConfig& config,
                                                       absl::string_view address);

}  // namespace clientele::server

#endif  // COMMON_SERVER_SECURITY_CONFIG_H_
