#include "common/observability/status_log.h"

#include <string>
#include <vector>

#include "common/status/error.h"
#include "common/status/log_detail.h"

namespace clientele {

void LogStatus(Logger& logger, LogLevel level, absl::string_view event, absl::string_view message,
               const absl::Status& status) {
  const std::string code = absl::StatusCodeToString(status.code());
  const std::string reason = GetErrorReason(status);
  const std::string detail = GetLogDetail(status);
  std::vector<LogField> fields = {{"code", code}, {"reason", reason}, {"cause", status.message()}};
  if (!detail.empty()) {
    fields.emplace_back("detail", detail);
  }
  logger.Log(level, event, message, fields);
}

}  // namespace clientele
