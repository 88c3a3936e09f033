#include "common/tls/server_tls.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <utility>

#include "common/status/macros.h"

namespace clientele::tls {
namespace {

grpc_ssl_client_certificate_request_type ToGrpc(ClientCertificates wanted) {
  switch (wanted) {
    case ClientCertificates::kNone:
      return GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
    case ClientCertificates::kRequest:
      return GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY;
    case ClientCertificates::kRequire:
      return GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  CLIENTELE_CHECK(false);
}

}  // namespace

// gRPC's core can ask for certificates at each handshake; its C++ interface has no words for that
// (its FileWatcherCertificateProvider hands out a key beside another one's certificate).
class ServerTls::Credentials final : public grpc::ServerCredentials {
 public:
  explicit Credentials(std::shared_ptr<ServerTls> tls)
      : tls_(std::move(tls)),
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                ToGrpc(tls_->options_.client_certificates), Fetch, tls_.get()))) {}
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;
  ~Credentials() override { grpc_server_credentials_release(credentials_); }

  // Nobody processes metadata here: authentication is a stage of the calls' path.
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {
    CLIENTELE_CHECK(false);
  }

 private:
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* tls, grpc_ssl_server_certificate_config** config) noexcept {
    *config = static_cast<ServerTls*>(tls)->NextConfig();
    return *config == nullptr ? GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED
                              : GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  const std::shared_ptr<ServerTls> tls_;
  grpc_server_credentials* const credentials_;
};

ServerTls::ServerTls(const ServerTlsOptions& options)
    : options_(options),
      files_({options.certificate_file, options.key_file, options.client_ca_file}) {}

absl::StatusOr<std::shared_ptr<ServerTls>> ServerTls::Load(const ServerTlsOptions& options) {
  std::shared_ptr<ServerTls> tls(new ServerTls(options));
  const std::lock_guard<std::mutex> lock(tls->mutex_);
  CLIENTELE_RETURN_IF_ERROR(tls->Refresh());
  return tls;
}

std::shared_ptr<grpc::ServerCredentials> ServerTls::MakeCredentials(
    std::shared_ptr<ServerTls> tls) {
  return std::make_shared<Credentials>(std::move(tls));
}

absl::Status ServerTls::Refresh() {
  if (!files_.HaveChanged()) {
    return absl::OkStatus();
  }
  absl::Status loaded = LoadFiles();
  if (absl::IsUnavailable(loaded)) {
    files_.Forget();
  }
  return loaded;
}

absl::Status ServerTls::LoadFiles() {
  CLIENTELE_ASSIGN_OR_RETURN(KeyPair pair,
                             LoadKeyPair(options_.certificate_file, options_.key_file));
  std::string authorities;
  if (options_.client_certificates != ClientCertificates::kNone) {
    CLIENTELE_ASSIGN_OR_RETURN(authorities, LoadAuthorities(options_.client_ca_file));
  }
  pair_ = std::move(pair);
  client_authorities_pem_ = std::move(authorities);
  is_news_ = true;
  return absl::OkStatus();
}

grpc_ssl_server_certificate_config* ServerTls::NextConfig() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const absl::Status refreshed = Refresh(); !refreshed.ok()) {
    options_.on_unusable_files(refreshed);
  }
  if (!is_news_) {
    return nullptr;
  }
  is_news_ = false;
  const grpc_ssl_pem_key_cert_pair pair = {.private_key = pair_.key_pem.c_str(),
                                           .cert_chain = pair_.certificates_pem.c_str()};
  // gRPC wants authorities also when no client is asked for a certificate; then it does not use
  // them.
  const std::string& authorities =
      client_authorities_pem_.empty() ? pair_.certificates_pem : client_authorities_pem_;
  return grpc_ssl_server_certificate_config_create(authorities.c_str(), &pair, 1);
}

absl::Time ServerTls::CertificateExpireTime() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const absl::Status refreshed = Refresh(); !refreshed.ok()) {
    options_.on_unusable_files(refreshed);
  }
  return pair_.expire_time;
}

}  // namespace clientele::tls
