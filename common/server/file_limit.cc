#include "common/server/file_limit.h"

#include <sys/resource.h>

#include <cerrno>

#include "absl/status/status.h"
#include "common/observability/status_log.h"

namespace clientele::server {
namespace {

absl::Status RaiseToHardLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::ErrnoToStatus(errno, "the limit of open files cannot be read");
  }
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::ErrnoToStatus(errno, "the limit of open files cannot be raised");
  }
  return absl::OkStatus();
}

}  // namespace

void RaiseFileLimit(Logger& logger) {
  if (const absl::Status raised = RaiseToHardLimit(); !raised.ok()) {
    LogStatus(logger, LogLevel::kWarn, "file_limit_kept",
              "fewer connections fit than the system might give", raised);
  }
}

}  // namespace clientele::server
