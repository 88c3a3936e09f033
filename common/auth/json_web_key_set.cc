#include "common/auth/json_web_key_set.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"

namespace clientele::auth {
namespace {

// The text of a member; "" when it is absent or no text.
std::string TextOf(const nlohmann::json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

JsonWebKey::Members MembersOf(const nlohmann::json& key) {
  return {.kty = TextOf(key, "kty"),
          .kid = TextOf(key, "kid"),
          .use = TextOf(key, "use"),
          .alg = TextOf(key, "alg"),
          .crv = TextOf(key, "crv"),
          .n = TextOf(key, "n"),
          .e = TextOf(key, "e"),
          .x = TextOf(key, "x"),
          .y = TextOf(key, "y")};
}

}  // namespace

absl::StatusOr<JsonWebKeySet> JsonWebKeySet::Parse(const std::string& json) {
  const auto document = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  const auto list = document.is_object() ? document.find("keys") : document.end();
  if (!document.is_object() || list == document.end() || !list->is_array()) {
    return absl::InvalidArgumentError("it is no JSON object with a list called keys");
  }
  if (list->size() > static_cast<size_t>(kKeysMax)) {
    return absl::InvalidArgumentError(absl::StrCat("it has more than ", kKeysMax, " keys"));
  }
  std::vector<JsonWebKey> keys;
  keys.reserve(list->size());
  std::string why_not = "it has none";
  for (const nlohmann::json& member : *list) {
    if (!member.is_object()) {
      continue;
    }
    absl::StatusOr<JsonWebKey> key = JsonWebKey::Make(MembersOf(member));
    if (key.ok()) {
      keys.push_back(*std::move(key));
    } else {
      why_not = std::string(key.status().message());
    }
  }
  if (keys.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("it has no key that can be used: ", why_not));
  }
  return JsonWebKeySet(std::move(keys));
}

absl::Status JsonWebKeySet::Verify(SignatureAlgorithm algorithm, absl::string_view key_id,
                                   absl::string_view text, absl::string_view signature) const {
  const JsonWebKey* found = nullptr;
  for (const JsonWebKey& key : keys_) {
    if (!key.IsFor(algorithm) || (!key_id.empty() && key.id() != key_id)) {
      continue;
    }
    if (found != nullptr) {
      return absl::UnauthenticatedError("several keys could have signed the token");
    }
    found = &key;
  }
  if (found == nullptr) {
    return absl::UnauthenticatedError("no key of the key set can have signed the token");
  }
  return found->Verifies(algorithm, text, signature)
             ? absl::OkStatus()
             : absl::UnauthenticatedError("the token's signature is wrong");
}

}  // namespace clientele::auth
