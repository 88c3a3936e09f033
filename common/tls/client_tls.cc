#include "common/tls/client_tls.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/tls/pem_files.h"
#include "common/tls/watched_files.h"

namespace clientele::tls {
namespace {

using grpc::experimental::FileWatcherCertificateProvider;
using grpc::experimental::NoOpCertificateVerifier;
using grpc::experimental::TlsChannelCredentialsOptions;

constexpr unsigned int kReloadIntervalSeconds = 10;

absl::Status CheckPair(const ClientTlsFiles& files) {
  if (files.certificate_file.empty() != files.key_file.empty()) {
    return absl::FailedPreconditionError(
        files.key_file.empty()
            ? absl::StrCat("the key of the TLS certificate ", files.certificate_file, " is missing")
            : absl::StrCat("the certificate of the TLS key ", files.key_file, " is missing"));
  }
  return files.key_file.empty() ? absl::OkStatus()
                                : LoadKeyPair(files.certificate_file, files.key_file).status();
}

// The token of a file that may be replaced. Thread-safe.
class TokenFile {
 public:
  explicit TokenFile(const std::string& path) : path_(path), file_({path}) {}

  absl::Status Refresh() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!file_.HaveChanged()) {
      return absl::OkStatus();
    }
    absl::StatusOr<std::string> read = ReadWatchedFile(path_);
    if (!read.ok()) {
      file_.Forget();
      return read.status();
    }
    std::string text = *std::move(read);
    text.resize(std::min(text.size(), text.find_first_of("\r\n")));
    if (text.empty() || !std::all_of(text.begin(), text.end(),
                                     [](unsigned char c) { return absl::ascii_isgraph(c); })) {
      return absl::FailedPreconditionError(
          absl::StrCat("the file ", path_, " holds no token in its first line"));
    }
    token_ = std::move(text);
    return absl::OkStatus();
  }

  std::string Get() {
    // What cannot be read leaves the token as it was; the server says when it has expired.
    static_cast<void>(Refresh().ok());
    const std::lock_guard<std::mutex> lock(mutex_);
    return token_;
  }

 private:
  const std::string path_;
  std::mutex mutex_;  // guards what follows
  WatchedFiles file_;
  std::string token_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> LoadClientCredentials(
    const ClientTlsFiles& files) {
  CLIENTELE_RETURN_IF_ERROR(CheckPair(files));
  if (files.ca_file.empty()) {
    if (!files.certificate_file.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("there is a TLS certificate to show, ", files.certificate_file,
                       ", but no file of the authorities that servers are trusted by"));
    }
    return nullptr;
  }
  CLIENTELE_RETURN_IF_ERROR(LoadAuthorities(files.ca_file).status());
  TlsChannelCredentialsOptions options;
  options.set_certificate_provider(std::make_shared<FileWatcherCertificateProvider>(
      files.key_file, files.certificate_file, files.ca_file, kReloadIntervalSeconds));
  options.watch_root_certs();
  if (!files.certificate_file.empty()) {
    options.watch_identity_key_cert_pairs();
  }
  return grpc::experimental::TlsCredentials(options);
}

ClientCertificate::ClientCertificate(const ClientTlsFiles& files)
    : files_(files), watched_({files.certificate_file, files.key_file}) {}

std::optional<absl::Time> ClientCertificate::ExpireTime() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (watched_.HaveChanged()) {
    const absl::StatusOr<KeyPair> pair = LoadKeyPair(files_.certificate_file, files_.key_file);
    if (pair.ok()) {
      expire_time_ = pair->expire_time;
    } else if (absl::IsUnavailable(pair.status())) {
      watched_.Forget();
    }
  }
  return expire_time_;
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> LoadLocalProbeCredentials(
    const ClientTlsFiles& own) {
  CLIENTELE_RETURN_IF_ERROR(CheckPair(own));
  TlsChannelCredentialsOptions options;
  if (!own.certificate_file.empty()) {
    options.set_certificate_provider(std::make_shared<FileWatcherCertificateProvider>(
        own.key_file, own.certificate_file, kReloadIntervalSeconds));
    options.watch_identity_key_cert_pairs();
  }
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(std::make_shared<NoOpCertificateVerifier>());
  return grpc::experimental::TlsCredentials(options);
}

absl::StatusOr<std::function<std::string()>> LoadTokenFile(const std::string& path) {
  if (path.empty()) {
    return std::function<std::string()>();
  }
  const auto file = std::make_shared<TokenFile>(path);
  CLIENTELE_RETURN_IF_ERROR(file->Refresh());
  return std::function<std::string()>([file] { return file->Get(); });
}

}  // namespace clientele::tls
