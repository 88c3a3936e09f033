#include "common/auth/role_table.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"
#include "common/text/nearest_name.h"

namespace clientele::auth {
namespace {

using Words = std::pair<std::string, std::vector<std::string>>;

absl::StatusOr<Words> ParseWords(absl::string_view key, absl::string_view entry) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto parsed, ParseEntry(key, entry));
  return Words(parsed.first, absl::StrSplit(parsed.second, ' ', absl::SkipEmpty()));
}

// All that a role may name: each permission, and what has several of them.
std::vector<std::string> NamesFor(absl::Span<const std::string> permissions) {
  std::set<std::string> names = {"*"};
  for (const std::string& permission : permissions) {
    names.insert(permission);
    for (size_t dot = permission.find('.'); dot != std::string::npos;
         dot = permission.find('.', dot + 1)) {
      names.insert(absl::StrCat(permission.substr(0, dot), ".*"));
    }
  }
  return {names.begin(), names.end()};
}

absl::Status CheckNames(absl::string_view role, absl::Span<const std::string> given,
                        absl::Span<const std::string> known) {
  for (const std::string& name : given) {
    if (!std::binary_search(known.begin(), known.end(), name)) {
      return absl::InvalidArgumentError(
          absl::StrCat("auth.roles: ", role, ": ", UnknownName("permission", name, known)));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::pair<std::string, std::string>> ParseEntry(absl::string_view key,
                                                               absl::string_view entry) {
  std::pair<std::string, std::string> parts = absl::StrSplit(entry, absl::MaxSplits('=', 1));
  if (parts.first.empty() || parts.second.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(key, ": \"", entry, "\" is not of the form name=value"));
  }
  return parts;
}

absl::StatusOr<RoleTable> RoleTable::Parse(absl::Span<const std::string> roles,
                                           absl::Span<const std::string> grants,
                                           absl::Span<const std::string> permissions) {
  RoleTable table;
  const std::vector<std::string> known = NamesFor(permissions);
  for (const std::string& entry : roles) {
    CLIENTELE_ASSIGN_OR_RETURN(const Words role, ParseWords("auth.roles", entry));
    CLIENTELE_RETURN_IF_ERROR(CheckNames(role.first, role.second, known));
    if (!table.permissions_.insert(role).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("auth.roles: ", role.first, " is there twice"));
    }
  }
  for (const std::string& entry : grants) {
    CLIENTELE_ASSIGN_OR_RETURN(const Words grant, ParseWords("auth.grants", entry));
    for (const std::string& role : grant.second) {
      if (table.permissions_.count(role) == 0) {
        return absl::InvalidArgumentError(absl::StrCat("auth.grants: ", grant.first,
                                                       " is granted \"", role,
                                                       "\", which is not in auth.roles"));
      }
    }
    std::vector<std::string>& all = table.roles_[grant.first];
    all.insert(all.end(), grant.second.begin(), grant.second.end());
  }
  return table;
}

std::vector<std::string> RoleTable::GrantedPrincipals() const {
  std::vector<std::string> principals;
  principals.reserve(roles_.size());
  for (const auto& [principal, roles] : roles_) {
    principals.push_back(principal);
  }
  return principals;
}

std::vector<std::string> RoleTable::PermissionsOf(const std::string& principal,
                                                  absl::Span<const std::string> roles) const {
  std::vector<std::string> permissions;
  const auto add = [&](const std::string& role) {
    const auto found = permissions_.find(role);
    if (found != permissions_.end()) {
      permissions.insert(permissions.end(), found->second.begin(), found->second.end());
    }
  };
  for (const std::string& role : roles) {
    add(role);
  }
  if (const auto granted = roles_.find(principal); granted != roles_.end()) {
    for (const std::string& role : granted->second) {
      add(role);
    }
  }
  return permissions;
}

}  // namespace clientele::auth
