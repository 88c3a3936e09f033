#include "common/auth/call_authenticator.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/rpc_errors.h"
#include "common/status/macros.h"

namespace clientele::auth {
namespace {

constexpr char kHeader[] = "authorization";
constexpr absl::string_view kScheme = "Bearer ";

}  // namespace

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

absl::Status CheckGrants(const RoleTable& roles, bool takes_tokens,
                         absl::Span<const std::string> certificates) {
  std::set<std::string> known;
  for (const std::string& entry : certificates) {
    CLIENTELE_ASSIGN_OR_RETURN(auto parsed, ParseEntry("auth.certificates", entry));
    known.insert(std::move(parsed.first));
  }
  for (const std::string& principal : roles.GrantedPrincipals()) {
    std::string why;
    if (absl::StartsWith(principal, kTokenPrincipalPrefix)) {
      why = takes_tokens ? "" : "auth.mode takes no tokens";
    } else if (known.count(principal) == 0) {
      why = absl::StrCat("auth.certificates has no ", principal, "=NAME",
                         takes_tokens ? ", and whoever has a token is token:SUBJECT" : "");
    }
    if (!why.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("auth.grants: nobody can be ", principal, ": ", why));
    }
  }
  return absl::OkStatus();
}

}  // namespace clientele::auth
