#ifndef COMMON_AUTH_CERTIFICATE_CALLERS_H_
#define COMMON_AUTH_CERTIFICATE_CALLERS_H_

// Finds the caller behind a client's certificate: the names in it that are allowed to call.

#include <grpcpp/security/auth_context.h>

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/auth/role_table.h"
#include "common/rpc/caller.h"

namespace clientele::auth {

// Immutable and thread-safe.
class CertificateCallers {
 public:
  // `entries`: "loyalty=loyalty.clientele.svc", a principal and a name that its certificate has as
  // a DNS name or, with "://" in it, as a URI; a principal may come again with another name.
  // INVALID_ARGUMENT with a sentence for an entry that is malformed, a name that comes twice, or a
  // principal that only tokens have.
  static absl::StatusOr<CertificateCallers> Parse(absl::Span<const std::string> entries,
                                                  const RoleTable& roles);

  // UNAUTHENTICATED with the cause: no certificate was shown, none of its names is allowed, or they
  // are several principals'.
  absl::StatusOr<std::shared_ptr<const rpc::Caller>> Find(const grpc::AuthContext& peer) const;

 private:
  using Callers = std::map<std::string, std::shared_ptr<const rpc::Caller>, std::less<>>;

  Callers by_dns_name_;
  Callers by_uri_;
};

}  // namespace clientele::auth

#endif  // COMMON_AUTH_CERTIFICATE_CALLERS_H_
