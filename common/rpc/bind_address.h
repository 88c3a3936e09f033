#ifndef COMMON_RPC_BIND_ADDRESS_H_
#define COMMON_RPC_BIND_ADDRESS_H_

// Where a server listens.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele::rpc {

struct BindAddress {
  std::string host;  // an IP address without brackets
  int port = 0;      // 0..65535; 0 = any free port

  // "127.0.0.1:7001", "[::1]:7001".
  std::string ToString() const;
};

// Reads "host:port" where the host is an IPv4 address, an IPv6 address in brackets, or "localhost"
// (which is 127.0.0.1: what a hosts file says does not decide who can reach the server).
// INVALID_ARGUMENT with a sentence otherwise. Pure.
absl::StatusOr<BindAddress> ParseBindAddress(absl::string_view text);

// Whether "host:port" is an address of this machine that no other can reach. Pure: a name but
// "localhost" is none.
bool IsLoopback(absl::string_view text);

// What stands between a server and whoever can reach it.
struct Protection {
  bool is_encrypted = false;   // TLS
  bool authenticates = false;  // callers show credentials
  bool is_waived = false;      // the operator wants neither to be asked for ("insecure: true")
};

// FAILED_PRECONDITION with a sentence when others than this machine can reach `address` and
// `protection` lacks something that is not waived. Pure.
absl::Status CheckMayListen(const BindAddress& address, const Protection& protection);

// Why `address` cannot be listened on at this moment ("the port is taken"), as UNAVAILABLE with a
// sentence; asks the operating system by binding and letting go.
absl::Status ExplainBindFailure(const BindAddress& address);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_BIND_ADDRESS_H_
