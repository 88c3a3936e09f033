#ifndef COMMON_TLS_PEM_FILES_H_
#define COMMON_TLS_PEM_FILES_H_

// Certificates and keys in PEM files, looked at before gRPC gets them: it says of a wrong one no
// more than that a handshake failed. Thread safety: functions of their arguments.

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace clientele::tls {

// A certificate with those that vouch for it, and its key.
struct KeyPair {
  std::string certificates_pem;  // the own one first
  std::string key_pem;
  absl::Time expire_time;  // of the own certificate
};

// With a sentence that names the file: UNAVAILABLE when it cannot be read; FAILED_PRECONDITION when
// it holds no certificate or no key without a passphrase, the key is another certificate's, or
// OpenSSL would serve neither (a key that is too short, a signature that is too weak).
absl::StatusOr<KeyPair> LoadKeyPair(const std::string& certificate_file,
                                    const std::string& key_file);

// The certificates of the authorities to trust; likewise.
absl::StatusOr<std::string> LoadAuthorities(const std::string& file);

}  // namespace clientele::tls

#endif  // COMMON_TLS_PEM_FILES_H_
