#include "common/tls/testing/test_authority.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "common/status/macros.h"

namespace clientele::tls {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

Key NewKey() {
  Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  CLIENTELE_CHECK(key != nullptr);
  return key;
}

// Without extensions and not yet signed.
Certificate NewCertificate(const std::string& name, EVP_PKEY* key, absl::Duration lifetime) {
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), absl::ToInt64Seconds(lifetime));
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

void Extend(X509* certificate, int extension, const std::string& value) {
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, nullptr, extension, value.c_str());
  CLIENTELE_CHECK(made != nullptr && X509_add_ext(certificate, made, -1) == 1);
  X509_EXTENSION_free(made);
}

template <typename Write>
std::string ToPem(Write write) {
  const std::shared_ptr<BIO> bio(BIO_new(BIO_s_mem()), BIO_free);
  CLIENTELE_CHECK(write(bio.get()) == 1);
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<size_t>(length)};
}

std::string CertificatePem(X509* certificate) {
  return ToPem([certificate](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

}  // namespace

TestAuthority::TestAuthority(const std::string& name)
    : key_(NewKey()), certificate_(NewCertificate(name, key_.get(), absl::Hours(24))) {
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  Extend(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  CLIENTELE_CHECK(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) > 0);
}

std::string TestAuthority::certificate() const { return CertificatePem(certificate_.get()); }

PemPair TestAuthority::Sign(const std::string& names, absl::Duration lifetime) const {
  return SignKey(NewKey(), names, lifetime);
}

PemPair TestAuthority::SignWeakKey(const std::string& names) const {
  return SignKey(Key(EVP_RSA_gen(1024), EVP_PKEY_free), names, absl::Hours(72));
}

PemPair TestAuthority::SignKey(const Key& key, const std::string& names,
                               absl::Duration lifetime) const {
  const Certificate certificate = NewCertificate("signed", key.get(), lifetime);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate_.get()));
  Extend(certificate.get(), NID_subject_alt_name, names);
  CLIENTELE_CHECK(X509_sign(certificate.get(), key_.get(), EVP_sha256()) > 0);
  return {.certificate = CertificatePem(certificate.get()),
          .key = ToPem([&key](BIO* bio) {
            return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace clientele::tls
