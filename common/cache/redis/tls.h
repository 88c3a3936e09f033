#ifndef COMMON_CACHE_REDIS_TLS_H_
#define COMMON_CACHE_REDIS_TLS_H_

// TLS to a Redis server, on OpenSSL.

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/cache/redis/byte_stream.h"

struct ssl_ctx_st;

namespace clientele::redis {

struct TlsOptions {
  std::string ca_file;           // PEM; the server's certificate must be signed by one of these
  std::string certificate_file;  // PEM chain shown to the server; empty: none is shown
  std::string key_file;          // PEM key of that certificate
  // What the server's certificate must be for; empty: the host that is connected to.
  std::string server_name;
};

// What the connections of one client share. Thread-safe. The process must ignore SIGPIPE, as
// common/server does: OpenSSL writes without MSG_NOSIGNAL.
class TlsContext {
 public:
  // TLS 1.2 or newer. FAILED_PRECONDITION when a file cannot be used, with its path in the message.
  static absl::StatusOr<std::unique_ptr<TlsContext>> Load(const TlsOptions& options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // Shakes hands over `socket` before `deadline`, checking the certificate's signature, its dates
  // and that it is for `host` (a name or a number) or for TlsOptions::server_name. UNAVAILABLE with
  // OpenSSL's words when a check fails. The context must outlive the stream.
  absl::StatusOr<std::unique_ptr<ByteStream>> Handshake(Socket socket, const std::string& host,
                                                        absl::Time deadline) const;

  // When the certificate expires that is shown, until the process ends the one that was read at
  // first; nullopt when none is.
  std::optional<absl::Time> CertificateExpireTime() const;

 private:
  struct ContextDeleter {
    void operator()(ssl_ctx_st* context) const;
  };

  TlsContext(std::unique_ptr<ssl_ctx_st, ContextDeleter> context, std::string server_name);

  const std::unique_ptr<ssl_ctx_st, ContextDeleter> context_;
  const std::string server_name_;
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_TLS_H_
