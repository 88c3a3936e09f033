#ifndef SERVICES_PROFILE_API_ERROR_DOMAIN_H_
#define SERVICES_PROFILE_API_ERROR_DOMAIN_H_

#include "absl/strings/string_view.h"

namespace clientele::profile {

// ErrorInfo.domain of every error profile answers.
inline constexpr absl::string_view kErrorDomain = "profile.clientele";

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_ERROR_DOMAIN_H_
