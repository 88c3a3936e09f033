#include "common/tls/pem_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/tls/watched_files.h"

namespace clientele::tls {
namespace {

struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct CertificateDeleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct ContextDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using BioPointer = std::unique_ptr<BIO, BioDeleter>;
using CertificatePointer = std::unique_ptr<X509, CertificateDeleter>;
using KeyPointer = std::unique_ptr<EVP_PKEY, KeyDeleter>;
using ContextPointer = std::unique_ptr<SSL_CTX, ContextDeleter>;

absl::Status NotUsable(absl::string_view file, absl::string_view why) {
  ERR_clear_error();
  return absl::FailedPreconditionError(absl::StrCat("the TLS file ", file, " ", why));
}

// Views `pem`, which outlives it.
BioPointer View(const std::string& pem) {
  return BioPointer(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Never asks at a terminal: there is no passphrase.
int NoPassphrase(char*, int, int, void*) noexcept { return -1; }

// What OpenSSL's last call had against it ("ee key too small").
absl::string_view LastReason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "OpenSSL does not say why" : reason;
}

// The certificates of a file, at least one. gRPC leaves out what follows one that it cannot read.
absl::StatusOr<std::vector<CertificatePointer>> ParseCertificates(const std::string& file,
                                                                  const std::string& pem) {
  std::vector<CertificatePointer> certificates;
  const BioPointer bio = View(pem);
  ERR_clear_error();
  while (auto* certificate = PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)) {
    certificates.emplace_back(certificate);
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return NotUsable(file, absl::StrCat("holds a certificate that cannot be read: ", LastReason()));
  }
  ERR_clear_error();
  if (certificates.empty()) {
    return NotUsable(file, "holds no certificate in PEM form");
  }
  return certificates;
}

// Does what gRPC will do with the pair, which keeps quiet about it when it goes wrong: then it
// serves what it has served, or does not listen.
absl::Status TryToServe(const std::string& certificate_file,
                        const std::vector<CertificatePointer>& certificates, EVP_PKEY& key) {
  const ContextPointer context(SSL_CTX_new(TLS_method()));
  bool is_taken =
      context != nullptr && SSL_CTX_use_certificate(context.get(), certificates.front().get()) == 1;
  for (size_t i = 1; is_taken && i < certificates.size(); ++i) {
    is_taken = SSL_CTX_add1_chain_cert(context.get(), certificates[i].get()) == 1;
  }
  is_taken = is_taken && SSL_CTX_use_PrivateKey(context.get(), &key) == 1 &&
             SSL_CTX_check_private_key(context.get()) == 1;
  return is_taken ? absl::OkStatus()
                  : NotUsable(certificate_file,
                              absl::StrCat("holds what TLS does not take: ", LastReason()));
}

absl::Time ToTime(const ASN1_TIME* time) {
  std::tm parts{};
  CLIENTELE_CHECK(ASN1_TIME_to_tm(time, &parts) == 1);  // else the certificate did not parse
  return absl::FromTM(parts, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<KeyPair> LoadKeyPair(const std::string& certificate_file,
                                    const std::string& key_file) {
  KeyPair pair;
  CLIENTELE_ASSIGN_OR_RETURN(pair.certificates_pem, ReadWatchedFile(certificate_file));
  CLIENTELE_ASSIGN_OR_RETURN(pair.key_pem, ReadWatchedFile(key_file));
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<CertificatePointer> certificates,
                             ParseCertificates(certificate_file, pair.certificates_pem));
  X509* certificate = certificates.front().get();
  const KeyPointer key(
      PEM_read_bio_PrivateKey(View(pair.key_pem).get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) {
    return NotUsable(key_file, "holds no key in PEM form without a passphrase");
  }
  if (X509_check_private_key(certificate, key.get()) != 1) {
    return NotUsable(key_file,
                     absl::StrCat("is not the key of the certificate in ", certificate_file));
  }
  CLIENTELE_RETURN_IF_ERROR(TryToServe(certificate_file, certificates, *key));
  pair.expire_time = ToTime(X509_get0_notAfter(certificate));
  return pair;
}

absl::StatusOr<std::string> LoadAuthorities(const std::string& file) {
  CLIENTELE_ASSIGN_OR_RETURN(std::string pem, ReadWatchedFile(file));
  CLIENTELE_RETURN_IF_ERROR(ParseCertificates(file, pem).status());
  return pem;
}

}  // namespace clientele::tls
