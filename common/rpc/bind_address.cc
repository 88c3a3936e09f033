#include "common/rpc/bind_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace clientele::rpc {
namespace {

bool IsIpv6(const std::string& host) { return host.find(':') != std::string::npos; }

// Fills a socket address; returns its length, 0 when the host is no IP address.
socklen_t ToSocketAddress(const BindAddress& address, sockaddr_storage& storage) {
  storage = {};
  if (IsIpv6(address.host)) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<uint16_t>(address.port));
    return inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr) == 1 ? sizeof(v6) : 0;
  }
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<uint16_t>(address.port));
  return inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr) == 1 ? sizeof(v4) : 0;
}

std::string ReasonOf(int bind_errno) {
  switch (bind_errno) {
    case EADDRINUSE:
      return "the port is taken by another program";
    case EACCES:
      return "ports below 1024 need a privilege this user does not have";
    case EADDRNOTAVAIL:
      return "this machine has no such address";
    default:
      return std::string(absl::ErrnoToStatus(bind_errno, "bind").message());
  }
}

// Whether only this machine can reach `address`.
bool IsLoopback(const BindAddress& address) {
  sockaddr_storage storage;
  if (ToSocketAddress(address, storage) == 0) {
    return false;
  }
  return storage.ss_family == AF_INET6
             ? IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<sockaddr_in6&>(storage).sin6_addr)
             : (ntohl(reinterpret_cast<sockaddr_in&>(storage).sin_addr.s_addr) >> 24) == 127;
}

absl::Status RefuseToListen(const BindAddress& address, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("refusing to listen on ", address.ToString(),
                                                    ", which other machines can reach, ", why));
}

}  // namespace

std::string BindAddress::ToString() const {
  return IsIpv6(host) ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

absl::StatusOr<BindAddress> ParseBindAddress(absl::string_view text) {
  const absl::Status malformed = absl::InvalidArgumentError(
      absl::StrCat("'", text,
                   "' is not an address to listen on; write IP:PORT, such as "
                   "127.0.0.1:7001 or [::1]:7001"));
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) {
    return malformed;
  }
  BindAddress address;
  absl::string_view host = text.substr(0, colon);
  const bool bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  address.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  sockaddr_storage storage;
  if (!absl::SimpleAtoi(text.substr(colon + 1), &address.port) || address.port < 0 ||
      address.port > 65535 || bracketed != IsIpv6(address.host) ||
      ToSocketAddress(address, storage) == 0) {
    return malformed;
  }
  return address;
}

bool IsLoopback(absl::string_view text) {
  const absl::StatusOr<BindAddress> address = ParseBindAddress(text);
  return address.ok() && IsLoopback(*address);
}

absl::Status CheckMayListen(const BindAddress& address, const Protection& protection) {
  if (protection.is_waived || IsLoopback(address)) {
    return absl::OkStatus();
  }
  if (!protection.is_encrypted) {
    return RefuseToListen(
        address,
        "without TLS: set tls.cert_file and tls.key_file, or insecure: true to go without");
  }
  if (!protection.authenticates) {
    return RefuseToListen(
        address,
        "with auth.mode none: set it to mtls, jwt or any, or insecure: true to serve everybody");
  }
  return absl::OkStatus();
}

absl::Status ExplainBindFailure(const BindAddress& address) {
  sockaddr_storage storage;
  const socklen_t length = ToSocketAddress(address, storage);
  int bind_errno = EADDRNOTAVAIL;
  if (length != 0) {
    const int socket_fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool bound =
        socket_fd >= 0 && bind(socket_fd, reinterpret_cast<sockaddr*>(&storage), length) == 0;
    bind_errno = bound ? EAGAIN : errno;
    if (socket_fd >= 0) {
      close(socket_fd);
    }
  }
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", address.ToString(), ": ", ReasonOf(bind_errno)));
}

}  // namespace clientele::rpc
