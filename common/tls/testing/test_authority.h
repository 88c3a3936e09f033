#ifndef COMMON_TLS_TESTING_TEST_AUTHORITY_H_
#define COMMON_TLS_TESTING_TEST_AUTHORITY_H_

// A certificate authority of a test's own.

#include <memory>
#include <string>

#include "absl/time/time.h"

struct evp_pkey_st;
struct x509_st;

namespace clientele::tls {

struct PemPair {
  std::string certificate;
  std::string key;
};

// Not thread-safe.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name);

  // Its own certificate.
  std::string certificate() const;

  // A certificate for `names`, as OpenSSL writes them ("DNS:a.test,IP:127.0.0.1"), from an hour ago
  // for `lifetime` from now on.
  PemPair Sign(const std::string& names, absl::Duration lifetime = absl::Hours(24)) const;

  // One with a key of RSA with 1024 bits, which OpenSSL takes no more.
  PemPair SignWeakKey(const std::string& names) const;

 private:
  PemPair SignKey(const std::shared_ptr<evp_pkey_st>& key, const std::string& names,
                  absl::Duration lifetime) const;

  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
};

}  // namespace clientele::tls

#endif  // COMMON_TLS_TESTING_TEST_AUTHORITY_H_
