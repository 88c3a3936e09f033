#ifndef SERVICES_PROFILE_API_VALIDATION_IDENTIFIER_NORMALIZER_H_
#define SERVICES_PROFILE_API_VALIDATION_IDENTIFIER_NORMALIZER_H_

// Brings identifiers to the one spelling in which they are stored, compared and answered.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clientele/profile/v1/identifier.pb.h"
#include "common/crypto/keyed_hash.h"
#include "common/crypto/secret_key.h"
#include "common/status/error.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/profile/api/validation/field_path.h"
#include "services/profile/api/validation/fields.h"
#include "services/profile/domain/identifier.h"

namespace clientele::profile {

// Thread-safe: immutable after construction.
class IdentifierNormalizer {
 public:
  // Another key than last time makes every stored identifier unfindable.
  explicit IdentifierNormalizer(const SecretKey& key) : hash_(key, "profile.identifier") {}

  // Checks what does not depend on the value's meaning: type, system, region, length. Answers
  // whether nothing was wrong. `system_presence`: whether an EXTERNAL one needs its system.
  static bool CheckShape(const FieldPath& path, const v1::Identifier& identifier,
                         Presence system_presence, Violations& violations);

  // The identifier in its normalised spelling. `identifier` has passed CheckShape.
  // INVALID_ARGUMENT, with a message that reads on after the field's name and never repeats the
  // value, when it is no phone number or e-mail address.
  absl::StatusOr<Identifier> Normalize(const v1::Identifier& identifier) const;

  // Checks and normalises a list in which each may occur once. Only EXTERNAL ones are allowed when
  // `external_only`.
  std::vector<Identifier> ReadAll(
      const FieldPath& parent, absl::string_view name,
      const google::protobuf::RepeatedPtrField<v1::Identifier>& identifiers, int count_max,
      bool external_only, Violations& violations) const;

 private:
  Identifier Make(IdentifierType type, absl::string_view system, std::string value,
                  absl::string_view comparable) const;

  KeyedHash hash_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_IDENTIFIER_NORMALIZER_H_
