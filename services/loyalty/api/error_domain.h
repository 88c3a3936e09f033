#ifndef SERVICES_LOYALTY_API_ERROR_DOMAIN_H_
#define SERVICES_LOYALTY_API_ERROR_DOMAIN_H_

#include "absl/strings/string_view.h"

namespace clientele::loyalty {

// ErrorInfo.domain of every error loyalty answers.
inline constexpr absl::string_view kErrorDomain = "loyalty.clientele";

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_ERROR_DOMAIN_H_
