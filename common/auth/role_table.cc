#include "common/auth/role_table.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"

namespace clientele::auth {
namespace {

// Adds the words of each entry to what its name has in `table`.
absl::Status AddEntries(absl::string_view key, absl::Span<const std::string> entries,
                        std::map<std::string, std::vector<std::string>>& table) {
  for (const std::string& entry : entries) {
    CLIENTELE_ASSIGN_OR_RETURN(const auto parsed, ParseEntry(key, entry));
    const std::vector<std::string> words = absl::StrSplit(parsed.second, ' ', absl::SkipEmpty());
    std::vector<std::string>& all = table[parsed.first];
    all.insert(all.end(), words.begin(), words.end());
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
                                           absl::Span<const std::string> grants) {
  RoleTable table;
  CLIENTELE_RETURN_IF_ERROR(AddEntries("auth.roles", roles, table.permissions_));
  CLIENTELE_RETURN_IF_ERROR(AddEntries("auth.grants", grants, table.roles_));
  for (const auto& [principal, granted] : table.roles_) {
    for (const std::string& role : granted) {
      if (table.permissions_.count(role) == 0) {
        return absl::InvalidArgumentError(absl::StrCat("auth.grants: ", principal, " is granted \"",
                                                       role, "\", which is not in auth.roles"));
      }
    }
  }
  return table;
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
