#ifndef COMMON_RPC_IDENTITY_H_
#define COMMON_RPC_IDENTITY_H_

// Who calls: the seam where credentials come in (common/auth).

#include <grpcpp/server_context.h>

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/caller.h"

namespace clientele::rpc {

// Finds out who makes a call. Thread-safe; must not block.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // Unauthenticated (rpc_errors.h) when there are no credentials or bad ones.
  virtual absl::StatusOr<std::shared_ptr<const Caller>> Authenticate(
      const grpc::CallbackServerContext& call) = 0;
};

// Every caller is "local" and may do everything: right for a server that only the same machine can
// reach, and for one that was told to be insecure (bind_address.h).
class LocalAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<std::shared_ptr<const Caller>> Authenticate(
      const grpc::CallbackServerContext&) override {
    return local_;
  }

 private:
  const std::shared_ptr<const Caller> local_ =
      std::make_shared<const Caller>("local", std::vector<std::string>{"*"});
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_IDENTITY_H_
