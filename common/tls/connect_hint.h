#ifndef COMMON_TLS_CONNECT_HINT_H_
#define COMMON_TLS_CONNECT_HINT_H_

// What to look at when a gRPC channel could not be made because of TLS. Thread safety: a pure
// function.

#include <string>

#include "absl/strings/string_view.h"

namespace clientele::tls {

// How a client was set up, and what its user calls these settings.
struct ConnectSettings {
  bool uses_tls = false;
  bool shows_certificate = false;
  absl::string_view tls_name;          // what switches TLS on: "--tls-ca"
  absl::string_view authority_name;    // who may sign the server's certificate: "--tls-ca"
  absl::string_view certificate_name;  // what is shown to the server: "--tls-cert"
};

// A clause for who has to mend it; "" when `message`, of a channel's UNAVAILABLE, tells of nothing
// that TLS explains. Made for the texts of gRPC 1.51; another gRPC's get no clause at worst.
std::string ConnectHint(absl::string_view message, const ConnectSettings& settings);

}  // namespace clientele::tls

#endif  // COMMON_TLS_CONNECT_HINT_H_
