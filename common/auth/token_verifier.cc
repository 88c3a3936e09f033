#include "common/auth/token_verifier.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/crypto/digest.h"
#include "common/status/macros.h"

namespace clientele::auth {
namespace {

constexpr absl::Duration kLookInterval = absl::Seconds(1);
// Half of the callers that are remembered: some 4 MiB.
constexpr size_t kCacheGenerationMax = 8192;

}  // namespace

TokenVerifier::TokenVerifier(const TokenVerifierOptions& options, const Clock& clock)
    : options_(options),
      clock_(clock),
      file_({options.key_set_file}),
      cache_(kCacheGenerationMax) {}

absl::StatusOr<std::unique_ptr<TokenVerifier>> TokenVerifier::Load(
    const TokenVerifierOptions& options, const Clock& clock) {
  std::unique_ptr<TokenVerifier> verifier(new TokenVerifier(options, clock));
  const std::lock_guard<std::mutex> lock(verifier->mutex_);
  CLIENTELE_RETURN_IF_ERROR(verifier->LoadKeys());
  return verifier;
}

absl::Status TokenVerifier::LoadKeys() {
  if (!file_.HaveChanged()) {
    return absl::OkStatus();
  }
  const absl::StatusOr<std::string> json = ReadWatchedFile(options_.key_set_file);
  if (!json.ok()) {
    file_.Forget();
    return json.status();
  }
  absl::StatusOr<JsonWebKeySet> keys = JsonWebKeySet::Parse(*json);
  if (!keys.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the key set ", options_.key_set_file, " cannot be used: ", keys.status().message()));
  }
  keys_ = std::make_shared<const JsonWebKeySet>(*std::move(keys));
  // What a key that is gone has signed is taken no more.
  cache_.Clear();
  return absl::OkStatus();
}

void TokenVerifier::LoadKeysOnceInAWhile(absl::Time now) {
  if (now < next_look_) {
    return;
  }
  next_look_ = now + kLookInterval;
  if (const absl::Status loaded = LoadKeys(); !loaded.ok()) {
    options_.on_unusable_keys(loaded);
  }
}

absl::StatusOr<std::shared_ptr<const rpc::Caller>> TokenVerifier::Verify(absl::string_view token) {
  const absl::Time now = clock_.Now();
  const Sha256Digest digest = Sha256Of(token);
  std::shared_ptr<const JsonWebKeySet> keys;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    LoadKeysOnceInAWhile(now);
    if (auto caller = cache_.Find(digest, now); caller != nullptr) {
      return caller;
    }
    keys = keys_;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const TokenClaims claims,
                             VerifyToken(token, *keys, options_.expected, now));
  const std::string principal = absl::StrCat(kTokenPrincipalPrefix, claims.subject);
  auto caller = std::make_shared<const rpc::Caller>(
      principal, options_.roles.PermissionsOf(principal, claims.roles));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (keys == keys_) {
    cache_.Add(digest, caller, claims.expire_time);
  }
  return caller;
}

}  // namespace clientele::auth
