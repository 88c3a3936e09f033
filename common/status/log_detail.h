#ifndef COMMON_STATUS_LOG_DETAIL_H_
#define COMMON_STATUS_LOG_DETAIL_H_

// What only the server's log may say of an error: the words of a driver, a statement's text. It
// travels with the status, but outside of its message and ErrorDetails, so that nothing that maps
// errors to the wire (common/rpc/status_mapping.h) can send it.
// Thread safety: pure functions.

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clientele {

// `status`, which must not be OK (CHECK), with `detail`, which holds no personal data: neither
// bound values nor values of rows.
absl::Status WithLogDetail(absl::Status status, absl::string_view detail);

// "" when there is none.
std::string GetLogDetail(const absl::Status& status);

}  // namespace clientele

#endif  // COMMON_STATUS_LOG_DETAIL_H_
