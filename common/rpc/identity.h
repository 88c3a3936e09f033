#ifndef COMMON_RPC_IDENTITY_H_
#define COMMON_RPC_IDENTITY_H_

// Who calls, and what they may do. The two seams where credentials come in.

#include <grpcpp/server_context.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele::rpc {

// Finds the principal of a call. Thread-safe; must not block.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // UNAUTHENTICATED, as a named error, when there are no credentials or bad ones.
  virtual absl::StatusOr<std::string> Authenticate(const grpc::CallbackServerContext& call) = 0;
};

// Decides whether a principal has a permission. Thread-safe; must not block.
class Authorizer {
 public:
  virtual ~Authorizer() = default;
  virtual bool IsAllowed(absl::string_view principal, absl::string_view permission) = 0;
};

// Every caller is "local": right for a server that only the same machine can reach, which is why
// RpcServer binds to nothing else.
class LocalAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<std::string> Authenticate(const grpc::CallbackServerContext&) override {
    return "local";
  }
};

// "local" may do everything, others nothing.
class LocalAuthorizer final : public Authorizer {
 public:
  bool IsAllowed(absl::string_view principal, absl::string_view) override {
    return principal == "local";
  }
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_IDENTITY_H_
