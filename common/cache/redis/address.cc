#include "common/cache/redis/address.h"

#include <netdb.h>
#include <sys/un.h>

#include <cstring>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/cache/redis/limits.h"

namespace clientele::redis {
namespace {

constexpr absl::string_view kUnixPrefix = "unix:";
constexpr int kPortMax = 65535;

absl::Status NotAnAddress(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is neither HOST:PORT nor unix:PATH"));
}

absl::StatusOr<std::vector<SocketAddress>> UnixAddress(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::UnavailableError("the path of the unix socket is too long");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  SocketAddress result;
  std::memcpy(&result.storage, &address, sizeof(address));
  result.length = sizeof(address);
  return std::vector<SocketAddress>{result};
}

}  // namespace

absl::StatusOr<Address> ParseAddress(absl::string_view text) {
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, kUnixPrefix)) {
    if (rest.empty()) {
      return NotAnAddress(text);
    }
    return Address{.path = std::string(rest)};
  }
  const size_t colon = rest.rfind(':');
  int port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(rest.substr(colon + 1), &port) ||
      port < 1 || port > kPortMax) {
    return NotAnAddress(text);
  }
  absl::string_view host = rest.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[") != absl::ConsumeSuffix(&host, "]") || host.empty()) {
    return NotAnAddress(text);
  }
  return Address{.host = std::string(host), .port = port};
}

std::string ToText(const Address& address) {
  if (!address.path.empty()) {
    return absl::StrCat(kUnixPrefix, address.path);
  }
  const bool is_ipv6 = absl::StrContains(address.host, ':');
  return is_ipv6 ? absl::StrCat("[", address.host, "]:", address.port)
                 : absl::StrCat(address.host, ":", address.port);
}

absl::StatusOr<std::vector<SocketAddress>> Resolve(const Address& address, ResolveBy by) {
  if (!address.path.empty()) {
    return UnixAddress(address.path);
  }
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (by == ResolveBy::kNumberOnly ? AI_NUMERICHOST : 0);
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(address.host.c_str(), absl::StrCat(address.port).c_str(), &hints, &found);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat("no address of ", ToText(address), ": ", gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
  std::vector<SocketAddress> result;
  for (const addrinfo* entry = found; entry != nullptr && result.size() < kResolvedAddressesMax;
       entry = entry->ai_next) {
    SocketAddress& added = result.emplace_back();
    std::memcpy(&added.storage, entry->ai_addr, entry->ai_addrlen);
    added.length = entry->ai_addrlen;
  }
  return result;
}

}  // namespace clientele::redis
