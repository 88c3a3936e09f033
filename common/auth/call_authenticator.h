#ifndef COMMON_AUTH_CALL_AUTHENTICATOR_H_
#define COMMON_AUTH_CALL_AUTHENTICATOR_H_

// Finds out who makes a call by its bearer token or its connection's certificate.

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/auth/certificate_callers.h"
#include "common/auth/role_table.h"
#include "common/auth/token_verifier.h"
#include "common/rpc/identity.h"

namespace clientele::auth {

// Thread-safe.
class CallAuthenticator final : public rpc::Authenticator {
 public:
  // What is null or unset is not taken. A call with a token is the token's, whatever certificate
  // its connection has: a proxy with a certificate passes on the calls of others.
  CallAuthenticator(std::unique_ptr<TokenVerifier> tokens,
                    std::optional<CertificateCallers> certificates);

  absl::StatusOr<std::shared_ptr<const rpc::Caller>> Authenticate(
      const grpc::CallbackServerContext& call) override;

 private:
  absl::StatusOr<std::shared_ptr<const rpc::Caller>> Find(
      const grpc::CallbackServerContext& call) const;

  const std::unique_ptr<TokenVerifier> tokens_;
  const std::optional<CertificateCallers> certificates_;
};

// INVALID_ARGUMENT with a sentence when `roles` grants something to a principal that no caller can
// be: a token's where none is taken, or another that is not in `certificates` (auth.certificates,
// which may be more than this server takes: one list for several); also when one of those is
// malformed.
absl::Status CheckGrants(const RoleTable& roles, bool takes_tokens,
                         absl::Span<const std::string> certificates);

}  // namespace clientele::auth

#endif  // COMMON_AUTH_CALL_AUTHENTICATOR_H_
