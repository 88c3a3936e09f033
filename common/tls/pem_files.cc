#include "common/tls/pem_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

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
using BioPointer = std::unique_ptr<BIO, BioDeleter>;
using CertificatePointer = std::unique_ptr<X509, CertificateDeleter>;
using KeyPointer = std::unique_ptr<EVP_PKEY, KeyDeleter>;

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

CertificatePointer FirstCertificate(const std::string& pem) {
  return CertificatePointer(PEM_read_bio_X509(View(pem).get(), nullptr, NoPassphrase, nullptr));
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
  const CertificatePointer certificate = FirstCertificate(pair.certificates_pem);
  if (certificate == nullptr) {
    return NotUsable(certificate_file, "holds no certificate in PEM form");
  }
  const KeyPointer key(
      PEM_read_bio_PrivateKey(View(pair.key_pem).get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) {
    return NotUsable(key_file, "holds no key in PEM form without a passphrase");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return NotUsable(key_file,
                     absl::StrCat("is not the key of the certificate in ", certificate_file));
  }
  pair.expire_time = ToTime(X509_get0_notAfter(certificate.get()));
  return pair;
}

absl::StatusOr<std::string> LoadAuthorities(const std::string& file) {
  CLIENTELE_ASSIGN_OR_RETURN(std::string pem, ReadWatchedFile(file));
  if (FirstCertificate(pem) == nullptr) {
    return NotUsable(file, "holds no certificate in PEM form");
  }
  return pem;
}

}  // namespace clientele::tls
