#ifndef COMMON_TLS_CLIENT_TLS_H_
#define COMMON_TLS_CLIENT_TLS_H_

// TLS 1.2 and newer of a gRPC channel, with certificates that are replaced while it is used.

#include <grpcpp/security/credentials.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/tls/watched_files.h"

namespace clientele::tls {

// All empty = no TLS.
struct ClientTlsFiles {
  std::string ca_file;           // PEM: who may sign the server's certificate
  std::string certificate_file;  // PEM: the certificate shown to a server that asks; empty = none
  std::string key_file;          // PEM: its key, without a passphrase
};

// The server's certificate must be signed by ca_file and be for the host that is connected to (a
// name or a number). The files are read again every ten seconds, for new connections. Null without
// files. FAILED_PRECONDITION with a sentence when one cannot be used or is missing.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> LoadClientCredentials(
    const ClientTlsFiles& files);

// The certificate that channels show, for whoever watches it. Thread-safe.
class ClientCertificate {
 public:
  // `files` are of LoadClientCredentials, with a certificate.
  explicit ClientCertificate(const ClientTlsFiles& files);

  // When the one that is in its file expires, or the last one that could be used; nullopt when none
  // could yet.
  std::optional<absl::Time> ExpireTime();

 private:
  const ClientTlsFiles files_;
  std::mutex mutex_;  // guards what follows
  WatchedFiles watched_;
  std::optional<absl::Time> expire_time_;
};

// For a process that asks itself how it is, at whatever address: takes any certificate.
// `own` may be empty; else it is shown.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> LoadLocalProbeCredentials(
    const ClientTlsFiles& own);

// The token in the first line of a file, read again when the file has changed, for
// rpc::ChannelSecurity; unset without a path. FAILED_PRECONDITION with a sentence when the file
// cannot be read or its first line is empty or cannot stand in a header.
absl::StatusOr<std::function<std::string()>> LoadTokenFile(const std::string& path);

}  // namespace clientele::tls

#endif  // COMMON_TLS_CLIENT_TLS_H_
