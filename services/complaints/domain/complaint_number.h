#ifndef SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_NUMBER_H_
#define SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_NUMBER_H_

// The number people quote: nine random characters of Crockford's base 32 and one that checks them,
// written "7K3QZ-M0XWD". Who knows one number knows nothing of the others.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele::complaints {

// The number made of the lowest 45 bits of `entropy`, which must come from a secure source.
std::string MakeComplaintNumber(uint64_t entropy);

// The number as MakeComplaintNumber writes it from any spelling: lower case, other dashes and
// blanks, O for 0, I and L for 1. nullopt when it is none; the check character finds every single
// wrong character and nearly every swap of neighbours.
std::optional<std::string> ParseComplaintNumber(absl::string_view text);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_COMPLAINT_NUMBER_H_
