#ifndef SERVICES_PROFILE_DOMAIN_IDENTIFIER_H_
#define SERVICES_PROFILE_DOMAIN_IDENTIFIER_H_

// What a customer can be found by.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/profile/domain/ids.h"

namespace clientele::profile {

// The numbers are those of the proto enum.
enum class IdentifierType {
  kPhone = 1,
  kEmail = 2,
  kSiteAccount = 3,
  kExternal = 4,
};

// "PHONE": in errors and rows.
absl::string_view IdentifierTypeName(IdentifierType type);

// True for identifiers that belong to one customer at a time.
bool IsExclusive(IdentifierType type);

// A normalised identifier. Two identifiers are the same when their hashes are: the hash is keyed
// and covers type, system and what is compared of the value.
struct Identifier {
  IdentifierType type = IdentifierType::kExternal;
  std::string system;  // EXTERNAL only
  std::string value;   // in the normalised spelling
  std::string hash;    // 64 hexadecimal digits
};

// The text whose keyed hash tells identifiers apart; `comparable` is the value without what does
// not count (case).
std::string IdentityText(IdentifierType type, absl::string_view system,
                         absl::string_view comparable);

// Who holds an exclusive identifier.
struct IdentifierHolder {
  std::string hash;
  CustomerId customer_id;
};

// How the identifiers of a customer change.
struct IdentifierChange {
  std::vector<Identifier> added;
  std::vector<Identifier> removed;
  std::vector<Identifier> respelled;  // the same identifier in another spelling

  bool empty() const { return added.empty() && removed.empty() && respelled.empty(); }
};

// What it takes to get from `current` to `wanted`; both without duplicates.
IdentifierChange CompareIdentifiers(absl::Span<const Identifier> current,
                                    absl::Span<const Identifier> wanted);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_IDENTIFIER_H_
