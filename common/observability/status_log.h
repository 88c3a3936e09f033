#ifndef COMMON_OBSERVABILITY_STATUS_LOG_H_
#define COMMON_OBSERVABILITY_STATUS_LOG_H_

// Errors that no caller hears of, as log lines.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/observability/log.h"

namespace clientele {

// Writes a line with the fields code, reason, cause and, where a driver said something, detail
// (common/status/log_detail.h). Subject to the limit on repeats. Thread-safe.
void LogStatus(Logger& logger, LogLevel level, absl::string_view event, absl::string_view message,
               const absl::Status& status);

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_STATUS_LOG_H_
