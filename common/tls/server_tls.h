#ifndef COMMON_TLS_SERVER_TLS_H_
#define COMMON_TLS_SERVER_TLS_H_

// TLS 1.2 and newer on a gRPC port, with certificates that are replaced while it serves.
//
// At each handshake the files are looked at, and when they are others than before they are read:
// connections that there are stay as they are, and new ones see the new certificates. Files that
// cannot be used change nothing (ADR 84).

#include <grpcpp/security/server_credentials.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/tls/pem_files.h"
#include "common/tls/watched_files.h"

struct grpc_ssl_server_certificate_config;

namespace clientele::tls {

enum class ClientCertificates {
  kNone,     // are not asked for
  kRequest,  // are asked for; one that is shown must be signed by an authority of client_ca_file
  kRequire,  // who shows none is refused
};

struct ServerTlsOptions {
  std::string certificate_file;  // PEM: the server's certificate and those that vouch for it
  std::string key_file;          // PEM: its key, without a passphrase
  // PEM: who may sign certificates of clients; needed unless none are asked for.
  std::string client_ca_file;
  ClientCertificates client_certificates = ClientCertificates::kNone;
  // Told why new files are not used, once for each change of theirs, and as often as they cannot be
  // read. Thread-safe; must not block.
  std::function<void(const absl::Status& why)> on_unusable_files;
};

// Thread-safe.
class ServerTls {
 public:
  // FAILED_PRECONDITION with a sentence when a file cannot be used, UNAVAILABLE when it cannot be
  // read.
  static absl::StatusOr<std::shared_ptr<ServerTls>> Load(const ServerTlsOptions& options);
  ServerTls(const ServerTls&) = delete;
  ServerTls& operator=(const ServerTls&) = delete;

  // For one server: `tls` lives as long as they do, and they must outlive the server.
  static std::shared_ptr<grpc::ServerCredentials> MakeCredentials(std::shared_ptr<ServerTls> tls);

  // When the certificate expires that new connections see.
  absl::Time CertificateExpireTime();

 private:
  class Credentials;

  explicit ServerTls(const ServerTlsOptions& options);

  // Reads the files if they are others than before.
  absl::Status Refresh();
  absl::Status LoadFiles();
  // What gRPC shall use if it is not what it was last given; null otherwise.
  grpc_ssl_server_certificate_config* NextConfig();

  const ServerTlsOptions options_;
  std::mutex mutex_;  // guards what follows
  WatchedFiles files_;
  KeyPair pair_;
  std::string client_authorities_pem_;
  bool is_news_ = false;  // gRPC has not been given the pair
};

}  // namespace clientele::tls

#endif  // COMMON_TLS_SERVER_TLS_H_
