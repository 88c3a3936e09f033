#include "common/config/service_link.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace clientele {
namespace {

constexpr absl::string_view kPort = "_PORT_";

// Whether `rest` is "7001_TCP" with or without "_PROTO", "_PORT" or "_ADDR".
bool IsPortAndProtocol(absl::string_view rest) {
  size_t digits = 0;
  while (digits < rest.size() && absl::ascii_isdigit(rest[digits])) {
    ++digits;
  }
  rest.remove_prefix(digits);
  return digits > 0 && (absl::StartsWith(rest, "_TCP") || absl::StartsWith(rest, "_UDP") ||
                        absl::StartsWith(rest, "_SCTP"));
}

}  // namespace

bool IsServiceLinkName(absl::string_view variable_name) {
  if (absl::EndsWith(variable_name, "_SERVICE_HOST") ||
      absl::EndsWith(variable_name, "_SERVICE_PORT") ||
      absl::StrContains(variable_name, "_SERVICE_PORT_")) {
    return true;
  }
  const size_t port = variable_name.find(kPort);
  return port != absl::string_view::npos &&
         IsPortAndProtocol(variable_name.substr(port + kPort.size()));
}

bool IsServiceLink(absl::string_view variable_name, absl::string_view value) {
  const bool is_address = absl::StartsWith(value, "tcp://") || absl::StartsWith(value, "udp://") ||
                          absl::StartsWith(value, "sctp://");
  return IsServiceLinkName(variable_name) || (absl::EndsWith(variable_name, "_PORT") && is_address);
}

}  // namespace clientele
