#include "common/tls/connect_hint.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace clientele::tls {
namespace {

// Else a connection that was made has broken.
constexpr absl::string_view kNotConnected = "failed to connect to all addresses";

// The server hung up before it had said anything.
std::string HintAfterHangUp(const ConnectSettings& settings) {
  if (!settings.uses_tls) {
    return absl::StrCat("the server may want TLS: ", settings.tls_name);
  }
  return settings.shows_certificate
             ? absl::StrCat("the server may not know the authority of ", settings.certificate_name)
             : absl::StrCat("the server may want a certificate: ", settings.certificate_name);
}

}  // namespace

std::string ConnectHint(absl::string_view message, const ConnectSettings& settings) {
  if (!absl::StrContains(message, kNotConnected)) {
    return "";
  }
  if (absl::StrContains(message, "Socket closed")) {
    return HintAfterHangUp(settings);
  }
  if (absl::StrContains(message, "certificate verify failed")) {
    return absl::StrCat("the authority in ", settings.authority_name,
                        " did not sign its certificate, or that is out of date");
  }
  if (absl::StrContains(message, "wrong version number")) {
    return absl::StrCat("it speaks clear text: leave ", settings.tls_name, " out");
  }
  if (absl::StrContains(message, "Hostname Verification Check failed")) {
    return "its certificate is not for the name or number that it was called by";
  }
  return "";
}

}  // namespace clientele::tls
