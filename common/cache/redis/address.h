#ifndef COMMON_CACHE_REDIS_ADDRESS_H_
#define COMMON_CACHE_REDIS_ADDRESS_H_

// Where a Redis server listens.

#include <sys/socket.h>

#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele::redis {

// A host and a port, or the path of a unix socket.
struct Address {
  std::string host;  // a name or a number without brackets; empty for a unix socket
  int port = 0;
  std::string path;  // of the unix socket; empty for TCP

  friend bool operator==(const Address&, const Address&) = default;
  friend bool operator<(const Address& a, const Address& b) {
    return std::tie(a.host, a.port, a.path) < std::tie(b.host, b.port, b.path);
  }
};

// "cache.example:6379", "[::1]:6379", "unix:/run/redis.sock". INVALID_ARGUMENT for anything else.
absl::StatusOr<Address> ParseAddress(absl::string_view text);

// The text ParseAddress reads.
std::string ToText(const Address& address);

// What a socket connects to.
struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t length = 0;
};

enum class ResolveBy {
  kNumberOnly,  // at once: numbers and unix paths only
  kName,        // asks the system's resolver, which may take many seconds
};

// The socket addresses of `address`, at most kResolvedAddressesMax. UNAVAILABLE when it has none.
absl::StatusOr<std::vector<SocketAddress>> Resolve(const Address& address, ResolveBy by);

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_ADDRESS_H_
