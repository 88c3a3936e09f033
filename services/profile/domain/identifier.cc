#include "services/profile/domain/identifier.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::profile {
namespace {

const Identifier* FindByHash(absl::Span<const Identifier> identifiers, absl::string_view hash) {
  const auto found =
      std::find_if(identifiers.begin(), identifiers.end(),
                   [hash](const Identifier& identifier) { return identifier.hash == hash; });
  return found == identifiers.end() ? nullptr : &*found;
}

}  // namespace

absl::string_view IdentifierTypeName(IdentifierType type) {
  switch (type) {
    case IdentifierType::kPhone:
      return "PHONE";
    case IdentifierType::kEmail:
      return "EMAIL";
    case IdentifierType::kSiteAccount:
      return "SITE_ACCOUNT";
    case IdentifierType::kExternal:
      return "EXTERNAL";
  }
  CLIENTELE_CHECK(false);
}

bool IsExclusive(IdentifierType type) {
  return type == IdentifierType::kSiteAccount || type == IdentifierType::kExternal;
}

std::string IdentityText(IdentifierType type, absl::string_view system,
                         absl::string_view comparable) {
  // Neither a type nor a system contains the separator.
  return absl::StrCat(IdentifierTypeName(type), "|", system, "|", comparable);
}

IdentifierChange CompareIdentifiers(absl::Span<const Identifier> current,
                                    absl::Span<const Identifier> wanted) {
  IdentifierChange change;
  for (const Identifier& identifier : wanted) {
    const Identifier* same = FindByHash(current, identifier.hash);
    if (same == nullptr) {
      change.added.push_back(identifier);
    } else if (same->value != identifier.value) {
      change.respelled.push_back(identifier);
    }
  }
  for (const Identifier& identifier : current) {
    if (FindByHash(wanted, identifier.hash) == nullptr) change.removed.push_back(identifier);
  }
  return change;
}

}  // namespace clientele::profile
