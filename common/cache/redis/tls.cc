#include "common/cache/redis/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <array>
#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::redis {
namespace {

struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPointer = std::unique_ptr<SSL, SslDeleter>;

std::string LastSslError() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

absl::Status FileNotUsable(absl::string_view path) {
  return absl::FailedPreconditionError(
      absl::StrCat("the TLS file ", path, " cannot be used: ", LastSslError()));
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(Socket socket, SslPointer ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {}

  absl::Status Handshake(absl::Time deadline) {
    while (true) {
      ERR_clear_error();
      const int code = SSL_connect(ssl_.get());
      if (code == 1) {
        return absl::OkStatus();
      }
      CLIENTELE_RETURN_IF_ERROR(AwaitAfter(code, deadline));
    }
  }

  absl::Status Write(absl::string_view bytes, absl::Time deadline) override {
    while (!bytes.empty()) {
      ERR_clear_error();
      size_t count = 0;
      const int code = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
      if (code == 1) {
        bytes.remove_prefix(count);
      } else {
        CLIENTELE_RETURN_IF_ERROR(AwaitAfter(code, deadline));
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Read(absl::Span<char> buffer, absl::Time deadline) override {
    while (true) {
      ERR_clear_error();
      size_t count = 0;
      const int code = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count);
      if (code == 1) {
        return count;
      }
      CLIENTELE_RETURN_IF_ERROR(AwaitAfter(code, deadline));
    }
  }

  bool IsQuiet() const override { return SSL_pending(ssl_.get()) == 0 && socket_.IsQuiet(); }
  void ShutDown() const override { socket_.ShutDown(); }

 private:
  // Waits for what the call that returned `code` needs to go on.
  absl::Status AwaitAfter(int code, absl::Time deadline) {
    switch (SSL_get_error(ssl_.get(), code)) {
      case SSL_ERROR_WANT_READ:
        return socket_.Await(POLLIN, deadline);
      case SSL_ERROR_WANT_WRITE:
        return socket_.Await(POLLOUT, deadline);
      case SSL_ERROR_ZERO_RETURN:
        return absl::UnavailableError("the server closed the connection");
      default:
        return absl::UnavailableError(absl::StrCat("TLS failed: ", LastSslError(),
                                                   " (certificate: ", CertificateVerdict(), ")"));
    }
  }

  const char* CertificateVerdict() const {
    return X509_verify_cert_error_string(SSL_get_verify_result(ssl_.get()));
  }

  const Socket socket_;
  const SslPointer ssl_;  // after the socket: it is freed first
};

// Makes `ssl` accept only a certificate for `host`. A number is no server name indication.
bool ExpectHost(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* const check = SSL_get0_param(ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(check, host.c_str()) == 1) {
    return true;
  }
  ERR_clear_error();
  return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

}  // namespace

void TlsContext::ContextDeleter::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

TlsContext::TlsContext(std::unique_ptr<SSL_CTX, ContextDeleter> context, std::string server_name)
    : context_(std::move(context)), server_name_(std::move(server_name)) {}

TlsContext::~TlsContext() = default;

absl::StatusOr<std::unique_ptr<TlsContext>> TlsContext::Load(const TlsOptions& options) {
  std::unique_ptr<SSL_CTX, ContextDeleter> context(SSL_CTX_new(TLS_client_method()));
  CLIENTELE_CHECK(context != nullptr);  // else: out of memory
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_file(context.get(), options.ca_file.c_str()) != 1) {
    return FileNotUsable(options.ca_file);
  }
  if (!options.certificate_file.empty()) {
    if (SSL_CTX_use_certificate_chain_file(context.get(), options.certificate_file.c_str()) != 1) {
      return FileNotUsable(options.certificate_file);
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), options.key_file.c_str(), SSL_FILETYPE_PEM) !=
            1 ||
        SSL_CTX_check_private_key(context.get()) != 1) {
      return FileNotUsable(options.key_file);
    }
  }
  // Not make_unique: the constructor is private.
  return std::unique_ptr<TlsContext>(new TlsContext(std::move(context), options.server_name));
}

std::optional<absl::Time> TlsContext::CertificateExpireTime() const {
  const X509* const certificate = SSL_CTX_get0_certificate(context_.get());
  if (certificate == nullptr) {
    return std::nullopt;
  }
  std::tm parts{};
  // Else the certificate did not parse.
  CLIENTELE_CHECK(ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) == 1);
  return absl::FromTM(parts, absl::UTCTimeZone());
}

absl::StatusOr<std::unique_ptr<ByteStream>> TlsContext::Handshake(Socket socket,
                                                                  const std::string& host,
                                                                  absl::Time deadline) const {
  SslPointer ssl(SSL_new(context_.get()));
  const std::string& expected = server_name_.empty() ? host : server_name_;
  if (ssl == nullptr || !ExpectHost(ssl.get(), expected) ||
      SSL_set_fd(ssl.get(), socket.fd()) != 1) {
    return absl::UnavailableError(absl::StrCat("TLS failed: ", LastSslError()));
  }
  auto stream = std::make_unique<TlsStream>(std::move(socket), std::move(ssl));
  CLIENTELE_RETURN_IF_ERROR(stream->Handshake(deadline));
  return stream;
}

}  // namespace clientele::redis
