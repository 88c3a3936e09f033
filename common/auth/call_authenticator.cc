#include "common/auth/call_authenticator.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/rpc_errors.h"
#include "common/text/nearest_name.h"

namespace clientele::auth {
namespace {

constexpr char kHeader[] = "authorization";
constexpr absl::string_view kScheme = "Bearer ";

// Who can call, for people.
std::string CallersOf(bool takes_tokens, bool asks_certificates) {
  constexpr char kListed[] = "those of auth.certificates";
  if (!takes_tokens) {
    return kListed;
  }
  return absl::StrCat(kTokenPrincipalPrefix, "SUBJECT",
                      asks_certificates ? absl::StrCat(" and ", kListed) : "");
}

}  // namespace

absl::Status CheckGrants(const RoleTable& roles, bool takes_tokens,
                         const CertificateCallers* certificates) {
  const std::vector<std::string> listed =
      certificates == nullptr ? std::vector<std::string>() : certificates->Principals();
  for (const std::string& principal : roles.GrantedPrincipals()) {
    const bool may_come = absl::StartsWith(principal, kTokenPrincipalPrefix)
                              ? takes_tokens
                              : std::binary_search(listed.begin(), listed.end(), principal);
    if (!may_come) {
      return absl::InvalidArgumentError(
          absl::StrCat("auth.grants: with this auth.mode callers are ",
                       CallersOf(takes_tokens, certificates != nullptr), ", and ",
                       UnknownName("principal", principal, listed)));
    }
  }
  return absl::OkStatus();
}

CallAuthenticator::CallAuthenticator(std::unique_ptr<TokenVerifier> tokens,
                                     std::optional<CertificateCallers> certificates)
    : tokens_(std::move(tokens)), certificates_(std::move(certificates)) {}

absl::StatusOr<std::shared_ptr<const rpc::Caller>> CallAuthenticator::Authenticate(
    const grpc::CallbackServerContext& call) {
  auto caller = Find(call);
  if (!caller.ok()) {
    return rpc::Unauthenticated(caller.status().message());
  }
  return caller;
}

absl::StatusOr<std::shared_ptr<const rpc::Caller>> CallAuthenticator::Find(
    const grpc::CallbackServerContext& call) const {
  const auto& metadata = call.client_metadata();
  const auto header = metadata.find(kHeader);
  if (tokens_ != nullptr && header != metadata.end()) {
    const absl::string_view text(header->second.data(), header->second.size());
    if (metadata.count(kHeader) > 1 || !absl::StartsWithIgnoreCase(text, kScheme)) {
      return absl::UnauthenticatedError("there is not one authorization with a bearer token");
    }
    return tokens_->Verify(text.substr(kScheme.size()));
  }
  if (certificates_.has_value()) {
    return certificates_->Find(*call.auth_context());
  }
  return absl::UnauthenticatedError("there is no token");
}

}  // namespace clientele::auth
