#include "common/auth/json_web_token.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"

namespace clientele::auth {
namespace {

using Json = nlohmann::json;

absl::Status Refused(absl::string_view why) { return absl::UnauthenticatedError(why); }

// A part of a token; discarded JSON when it is none.
Json DecodeObject(absl::string_view part) {
  const std::optional<std::string> text = DecodeBase64Url(part);
  Json json = text.has_value() ? Json::parse(*text, nullptr, /*allow_exceptions=*/false)
                               : Json(Json::value_t::discarded);
  return json.is_object() ? json : Json(Json::value_t::discarded);
}

std::string TextOf(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

// A time claim; nullopt when it is absent.
absl::StatusOr<std::optional<absl::Time>> TimeOf(const Json& claims, const char* name) {
  const auto member = claims.find(name);
  if (member == claims.end()) {
    return std::nullopt;
  }
  if (!member->is_number()) {
    return Refused("the token has a time that is no number");
  }
  return absl::UnixEpoch() + absl::Seconds(member->get<double>());
}

absl::Status CheckSignature(absl::string_view head, absl::string_view signed_text,
                            absl::string_view signature, const JsonWebKeySet& keys) {
  const Json header = DecodeObject(head);
  if (header.is_discarded()) {
    return Refused("the token's header is malformed");
  }
  // Extensions that must be understood are not.
  if (header.contains("crit")) {
    return Refused("the token has critical extensions");
  }
  const auto algorithm = ParseSignatureAlgorithm(TextOf(header, "alg"));
  if (!algorithm.has_value()) {
    return Refused("the token's algorithm is not taken");
  }
  const std::optional<std::string> bytes = DecodeBase64Url(signature);
  if (!bytes.has_value()) {
    return Refused("the token's signature is malformed");
  }
  return keys.Verify(*algorithm, TextOf(header, "kid"), signed_text, *bytes);
}

bool HasAudience(const Json& claims, const std::string& audience) {
  const auto member = claims.find("aud");
  if (member == claims.end()) {
    return false;
  }
  return member->is_array() ? std::find(member->begin(), member->end(), audience) != member->end()
                            : *member == audience;
}

// The time from which the token is not taken any more.
absl::StatusOr<absl::Time> CheckTimes(const Json& claims, absl::Duration leeway, absl::Time now) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<absl::Time> expire, TimeOf(claims, "exp"));
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<absl::Time> begin, TimeOf(claims, "nbf"));
  if (!expire.has_value()) {
    return Refused("the token never expires");
  }
  if (now >= *expire + leeway) {
    return Refused("the token has expired");
  }
  if (begin.has_value() && now < *begin - leeway) {
    return Refused("the token is not valid yet");
  }
  return *expire + leeway;
}

absl::StatusOr<std::string> SubjectOf(const Json& claims) {
  std::string subject = TextOf(claims, "sub");
  const bool is_sound = !subject.empty() && subject.size() <= size_t{kSubjectBytesMax} &&
                        std::all_of(subject.begin(), subject.end(),
                                    [](unsigned char c) { return absl::ascii_isgraph(c); });
  if (!is_sound) {
    return Refused("the token's subject is missing, too long or no plain ASCII");
  }
  return subject;
}

// The roles of a list, or of text with blanks between them, such as "scope"; none of anything else.
std::vector<std::string> RolesOf(const Json& claims, const std::string& claim) {
  const auto member = claim.empty() ? claims.end() : claims.find(claim);
  std::vector<std::string> roles;
  if (member == claims.end()) {
    return roles;
  }
  if (member->is_string()) {
    roles = absl::StrSplit(member->get<std::string>(), ' ', absl::SkipEmpty());
  } else if (member->is_array()) {
    roles.reserve(member->size());
    for (const Json& role : *member) {
      if (role.is_string()) {
        roles.push_back(role.get<std::string>());
      }
    }
  }
  roles.resize(std::min(roles.size(), size_t{kTokenRolesMax}));
  return roles;
}

}  // namespace

absl::StatusOr<TokenClaims> VerifyToken(absl::string_view token, const JsonWebKeySet& keys,
                                        const TokenExpectations& expected, absl::Time now) {
  if (token.size() > size_t{kTokenBytesMax}) {
    return Refused("the token is too long");
  }
  // 1. Nothing of what it says is looked at before its signature.
  const std::vector<absl::string_view> parts = absl::StrSplit(token, absl::MaxSplits('.', 3));
  if (parts.size() != 3) {
    return Refused("the token has not three parts");
  }
  const absl::string_view signed_text = token.substr(0, parts[0].size() + 1 + parts[1].size());
  CLIENTELE_RETURN_IF_ERROR(CheckSignature(parts[0], signed_text, parts[2], keys));
  const Json claims = DecodeObject(parts[1]);
  if (claims.is_discarded()) {
    return Refused("the token's claims are malformed");
  }
  // 2. For us, by whom we trust, now.
  if (TextOf(claims, "iss") != expected.issuer) {
    return Refused("the token is of another issuer");
  }
  if (!HasAudience(claims, expected.audience)) {
    return Refused("the token is for another audience");
  }
  CLIENTELE_ASSIGN_OR_RETURN(const absl::Time expire_time,
                             CheckTimes(claims, expected.leeway, now));
  // 3. Of whom.
  CLIENTELE_ASSIGN_OR_RETURN(std::string subject, SubjectOf(claims));
  return TokenClaims{.subject = std::move(subject),
                     .roles = RolesOf(claims, expected.roles_claim),
                     .expire_time = expire_time};
}

}  // namespace clientele::auth
