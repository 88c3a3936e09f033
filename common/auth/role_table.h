#ifndef COMMON_AUTH_ROLE_TABLE_H_
#define COMMON_AUTH_ROLE_TABLE_H_

// Which permissions a role gives, and which principals have which roles.

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace clientele::auth {

// "name=value" of a list in the configuration. INVALID_ARGUMENT with a sentence about `key` when
// there is no "=" or one side is empty.
absl::StatusOr<std::pair<std::string, std::string>> ParseEntry(absl::string_view key,
                                                               absl::string_view entry);

// Immutable and thread-safe. Whoever is not in it may do nothing.
class RoleTable {
 public:
  // `roles`: "support=a.customers.read b.*", permissions as rpc::Caller takes them; each is one of
  // `permissions` or has some of them. A role comes once.
  // `grants`: "token:alice=support reader". A principal may come again and adds to what it has.
  // INVALID_ARGUMENT with a sentence for an entry that is malformed, a role that comes twice, and a
  // permission or role that there is not.
  static absl::StatusOr<RoleTable> Parse(absl::Span<const std::string> roles,
                                         absl::Span<const std::string> grants,
                                         absl::Span<const std::string> permissions);

  // Those of the roles that `principal` was granted, and of `roles`, which somebody trusted says it
  // has; names that are no role give none.
  std::vector<std::string> PermissionsOf(const std::string& principal,
                                         absl::Span<const std::string> roles) const;

  // Who was granted anything, each once.
  std::vector<std::string> GrantedPrincipals() const;

 private:
  using Table = std::map<std::string, std::vector<std::string>>;

  Table permissions_;  // by role
  Table roles_;        // by principal
};

}  // namespace clientele::auth

#endif  // COMMON_AUTH_ROLE_TABLE_H_
