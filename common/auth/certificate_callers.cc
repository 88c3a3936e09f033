#include "common/auth/certificate_callers.h"

#include <grpc/grpc_security_constants.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/token_verifier.h"
#include "common/status/macros.h"

namespace clientele::auth {

absl::StatusOr<CertificateCallers> CertificateCallers::Parse(absl::Span<const std::string> entries,
                                                             const RoleTable& roles) {
  CertificateCallers callers;
  for (const std::string& entry : entries) {
    CLIENTELE_ASSIGN_OR_RETURN(const auto parsed, ParseEntry("auth.certificates", entry));
    const std::string& principal = parsed.first;
    const std::string& name = parsed.second;
    if (absl::StartsWith(principal, kTokenPrincipalPrefix)) {
      return absl::InvalidArgumentError(absl::StrCat("auth.certificates: ", principal,
                                                     " is a principal of tokens: choose a name "
                                                     "that does not begin with ",
                                                     kTokenPrincipalPrefix));
    }
    Callers& named = absl::StrContains(name, "://") ? callers.by_uri_ : callers.by_dns_name_;
    auto caller =
        std::make_shared<const rpc::Caller>(principal, roles.PermissionsOf(principal, {}));
    if (!named.emplace(name, std::move(caller)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("auth.certificates: ", name, " is there twice"));
    }
  }
  return callers;
}

absl::StatusOr<std::shared_ptr<const rpc::Caller>> CertificateCallers::Find(
    const grpc::AuthContext& peer) const {
  std::shared_ptr<const rpc::Caller> caller;
  bool has_name = false;
  for (const auto& [property, allowed] : {std::pair(GRPC_PEER_DNS_PROPERTY_NAME, &by_dns_name_),
                                          std::pair(GRPC_PEER_URI_PROPERTY_NAME, &by_uri_)}) {
    for (const grpc::string_ref& name : peer.FindPropertyValues(property)) {
      has_name = true;
      const auto found = allowed->find(absl::string_view(name.data(), name.size()));
      if (found == allowed->end()) {
        continue;
      }
      if (caller != nullptr && caller->principal() != found->second->principal()) {
        return absl::UnauthenticatedError("the certificate has names of several principals");
      }
      caller = found->second;
    }
  }
  if (caller == nullptr) {
    return absl::UnauthenticatedError(has_name ? "no name of the certificate is allowed to call"
                                               : "no certificate with a name was shown");
  }
  return caller;
}

}  // namespace clientele::auth
