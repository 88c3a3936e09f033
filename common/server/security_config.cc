#include "common/server/security_config.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/call_authenticator.h"
#include "common/auth/certificate_callers.h"
#include "common/auth/known_permissions.h"
#include "common/auth/role_table.h"
#include "common/auth/token_verifier.h"
#include "common/observability/status_log.h"
#include "common/rpc/bind_address.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

TextKey FileKey(absl::string_view doc) {
  return {.doc = std::string(doc), .kind = TextKey::Kind::kPath, .allowed = {}};
}

TextKey SecretFileKey(absl::string_view doc) {
  return {.doc = std::string(doc), .kind = TextKey::Kind::kSecretFile, .allowed = {}};
}

void AddTlsKeys(ConfigSchema& schema, SecurityConfig& config) {
  schema.Add("insecure", &config.insecure,
             BoolKey{.doc = "Whether gRPC may listen beyond loopback without TLS, with auth.mode "
                            "none serve everybody there, and send a token there without "
                            "TLS: for trial, or behind a proxy that does it."});
  schema.Add("tls.cert_file", &config.tls_cert_file,
             FileKey("PEM file of the certificate of the gRPC port and those that vouch for it, "
                     "read again when it changes; empty = unencrypted."));
  schema.Add("tls.key_file", &config.tls_key_file,
             SecretFileKey("PEM file of that certificate's key, without a passphrase."));
  schema.Add("tls.client_ca_file", &config.tls_client_ca_file,
             FileKey("PEM file of the authorities that may sign certificates of clients."));
  schema.Add("tls.client_auth", &config.tls_client_auth,
             TextKey{.doc = "Whether clients are asked for a certificate, and refused without.",
                     .allowed = {"none", "request", "require"}});
  schema.Add("client_tls.ca_file", &config.client_tls_ca_file,
             FileKey("PEM file of the authorities that may sign certificates of the services that "
                     "this one calls; empty = they are called unencrypted."));
  schema.Add("client_tls.cert_file", &config.client_tls_cert_file,
             FileKey("PEM file of the certificate that is shown to them; empty = none."));
  schema.Add("client_tls.key_file", &config.client_tls_key_file,
             SecretFileKey("PEM file of that certificate's key, without a passphrase."));
  schema.Add("client_auth.token_file", &config.client_auth_token_file,
             SecretFileKey("File with the token that is sent to them in its first line, read again "
                           "when it changes; empty = none."));
}

void AddTokenKeys(ConfigSchema& schema, SecurityConfig& config) {
  schema.Add("auth.jwt.jwks_file", &config.jwt_jwks_file,
             FileKey("Keys that may sign tokens, as the identity provider publishes them (JWKS), "
                     "read again when they change."));
  schema.Add("auth.jwt.issuer", &config.jwt_issuer,
             TextKey{.doc = "What tokens must say in iss.", .allowed = {}});
  schema.Add("auth.jwt.audience", &config.jwt_audience,
             TextKey{.doc = "What tokens must say in aud.", .allowed = {}});
  schema.Add(
      "auth.jwt.leeway", &config.jwt_leeway,
      DurationKey{.doc = "How far the provider's clock may differ.", .max = absl::Minutes(10)});
  schema.Add(
      "auth.jwt.roles_claim", &config.jwt_roles_claim,
      TextKey{.doc = "The claim with the caller's roles, a list or words; empty = roles come "
                     "by auth.grants alone.",
              .allowed = {}});
}

void AddAuthKeys(ConfigSchema& schema, SecurityConfig& config) {
  schema.Add(
      "auth.mode", &config.auth_mode,
      TextKey{.doc = "By what callers are known: their certificate, a token (JWT), or either; "
                     "with none everybody may do everything.",
              .allowed = {"none", "mtls", "jwt", "any"}});
  schema.Add(
      "auth.certificates", &config.auth_certificates,
      ListKey{.doc = "Who may call with a certificate, as PRINCIPAL=NAME; NAME is a DNS name "
                     "or URI of the certificate.",
              .is_private = true});
  schema.Add(
      "auth.roles", &config.auth_roles,
      ListKey{.doc = "What a role may do, as ROLE=PERMISSION PERMISSION; a permission may end "
                     "in .* or be *."});
  schema.Add("auth.grants", &config.auth_grants,
             ListKey{.doc = "Who has which roles, as PRINCIPAL=ROLE ROLE; the principal of a token "
                            "is token: and its subject.",
                     .is_private = true});
  AddTokenKeys(schema, config);
}

absl::Status KeyMissing(absl::string_view key, absl::string_view because) {
  return absl::InvalidArgumentError(absl::StrCat(key, " is missing: ", because, " needs it"));
}

tls::ClientTlsFiles ClientFiles(const SecurityConfig& config) {
  return {.ca_file = config.client_tls_ca_file,
          .certificate_file = config.client_tls_cert_file,
          .key_file = config.client_tls_key_file};
}

// Tells of a new file that is not used. `logger` outlives it.
std::function<void(const absl::Status&)> ReportTo(Logger& logger) {
  return [&logger](const absl::Status& why) {
    LogStatus(logger, LogLevel::kError, "credentials_unusable",
              "a new file cannot be used, and what it replaces stays", why);
  };
}

// Whoever sees the token on its way may call in the name of this service.
absl::Status CheckMaySendToken(const SecurityConfig& config,
                               absl::Span<const std::string* const> peer_addresses) {
  if (config.client_auth_token_file.empty() || !config.client_tls_ca_file.empty() ||
      config.insecure) {
    return absl::OkStatus();
  }
  for (const std::string* address : peer_addresses) {
    if (!rpc::IsLoopback(*address)) {
      return KeyMissing("client_tls.ca_file",
                        absl::StrCat("client_auth.token_file, sent to ", *address, ","));
    }
  }
  return absl::OkStatus();
}

tls::ClientCertificates ClientCertificatesOf(const SecurityConfig& config) {
  if (config.tls_client_auth == "none") {
    return tls::ClientCertificates::kNone;
  }
  return config.tls_client_auth == "require" ? tls::ClientCertificates::kRequire
                                             : tls::ClientCertificates::kRequest;
}

absl::StatusOr<std::shared_ptr<tls::ServerTls>> LoadTls(const SecurityConfig& config,
                                                        Logger& logger) {
  const bool asks_clients = config.tls_client_auth != "none";
  if (config.tls_cert_file.empty()) {
    if (!config.tls_key_file.empty() || asks_clients) {
      return KeyMissing("tls.cert_file", asks_clients ? "tls.client_auth" : "tls.key_file");
    }
    return nullptr;
  }
  if (config.tls_key_file.empty()) {
    return KeyMissing("tls.key_file", "tls.cert_file");
  }
  if (asks_clients && config.tls_client_ca_file.empty()) {
    return KeyMissing("tls.client_ca_file", "tls.client_auth");
  }
  return tls::ServerTls::Load({.certificate_file = config.tls_cert_file,
                               .key_file = config.tls_key_file,
                               .client_ca_file = asks_clients ? config.tls_client_ca_file : "",
                               .client_certificates = ClientCertificatesOf(config),
                               .on_unusable_files = ReportTo(logger)});
}

absl::StatusOr<std::unique_ptr<auth::TokenVerifier>> LoadTokens(const SecurityConfig& config,
                                                                const auth::RoleTable& roles,
                                                                const Clock& clock,
                                                                Logger& logger) {
  if (config.jwt_jwks_file.empty()) {
    return KeyMissing("auth.jwt.jwks_file", "auth.mode");
  }
  if (config.jwt_issuer.empty()) {
    return KeyMissing("auth.jwt.issuer", "auth.mode");
  }
  if (config.jwt_audience.empty()) {
    return KeyMissing("auth.jwt.audience", "auth.mode");
  }
  return auth::TokenVerifier::Load({.key_set_file = config.jwt_jwks_file,
                                    .expected = {.issuer = config.jwt_issuer,
                                                 .audience = config.jwt_audience,
                                                 .leeway = config.jwt_leeway,
                                                 .roles_claim = config.jwt_roles_claim},
                                    .roles = roles,
                                    .on_unusable_keys = ReportTo(logger)},
                                   clock);
}

absl::StatusOr<auth::CertificateCallers> LoadCertificates(const SecurityConfig& config,
                                                          const auth::RoleTable& roles) {
  if (config.tls_client_auth == "none") {
    return absl::InvalidArgumentError(absl::StrCat("tls.client_auth is none: auth.mode ",
                                                   config.auth_mode,
                                                   " needs request or require, and tls.cert_file"));
  }
  return auth::CertificateCallers::Parse(config.auth_certificates, roles);
}

absl::StatusOr<std::unique_ptr<rpc::Authenticator>> LoadAuthenticator(const SecurityConfig& config,
                                                                      const Clock& clock,
                                                                      Logger& logger) {
  // Also when nobody is asked: what is wrong with it shows before it matters.
  CLIENTELE_ASSIGN_OR_RETURN(
      const auth::RoleTable roles,
      auth::RoleTable::Parse(config.auth_roles, config.auth_grants, auth::KnownPermissions()));
  if (config.auth_mode == "none") {
    return std::make_unique<rpc::LocalAuthenticator>();
  }
  std::unique_ptr<auth::TokenVerifier> tokens;
  if (config.auth_mode != "mtls") {
    CLIENTELE_ASSIGN_OR_RETURN(tokens, LoadTokens(config, roles, clock, logger));
  }
  std::optional<auth::CertificateCallers> certificates;
  if (config.auth_mode != "jwt") {
    CLIENTELE_ASSIGN_OR_RETURN(certificates, LoadCertificates(config, roles));
  }
  CLIENTELE_RETURN_IF_ERROR(auth::CheckGrants(roles, tokens != nullptr, config.auth_certificates));
  return std::make_unique<auth::CallAuthenticator>(std::move(tokens), std::move(certificates));
}

}  // namespace

void AddSecurityKeys(ConfigSchema& schema, SecurityConfig& config) {
  AddTlsKeys(schema, config);
  AddAuthKeys(schema, config);
}

absl::StatusOr<Security> LoadSecurity(const SecurityConfig& config,
                                      absl::Span<const std::string* const> peer_addresses,
                                      const Clock& clock, Logger& logger) {
  CLIENTELE_RETURN_IF_ERROR(CheckMaySendToken(config, peer_addresses));
  Security security;
  CLIENTELE_ASSIGN_OR_RETURN(security.tls, LoadTls(config, logger));
  CLIENTELE_ASSIGN_OR_RETURN(security.authenticator, LoadAuthenticator(config, clock, logger));
  security.authenticates = config.auth_mode != "none";
  security.insecure = config.insecure;
  CLIENTELE_ASSIGN_OR_RETURN(security.channels.credentials,
                             tls::LoadClientCredentials(ClientFiles(config)));
  if (!config.client_tls_cert_file.empty()) {
    security.client_certificate = std::make_shared<tls::ClientCertificate>(ClientFiles(config));
  }
  CLIENTELE_ASSIGN_OR_RETURN(security.channels.bearer_token,
                             tls::LoadTokenFile(config.client_auth_token_file));
  return security;
}

absl::StatusOr<rpc::ChannelSecurity> LoadProbeSecurity(const SecurityConfig& config,
                                                       absl::string_view address) {
  rpc::ChannelSecurity security;
  if (config.tls_cert_file.empty()) {
    return security;
  }
  // No certificate is for the numbers of a pod or of every interface, but one must be for the name
  // that others use.
  const bool is_name = !rpc::ParseBindAddress(address).ok();
  CLIENTELE_ASSIGN_OR_RETURN(security.credentials,
                             is_name && !config.client_tls_ca_file.empty()
                                 ? tls::LoadClientCredentials(ClientFiles(config))
                                 : tls::LoadLocalProbeCredentials(ClientFiles(config)));
  return security;
}

}  // namespace clientele::server
