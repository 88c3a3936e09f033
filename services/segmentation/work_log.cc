#include "services/segmentation/work_log.h"

#include <string>

#include "absl/time/time.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"

namespace clientele::segmentation {
namespace {

LogLevel LevelOf(RunState state) {
  switch (state) {
    case RunState::kSucceeded:
    case RunState::kCancelled:  // somebody asked for it
      return LogLevel::kInfo;
    case RunState::kFailed:
      return LogLevel::kError;
    case RunState::kPending:
    case RunState::kRunning:
      break;
  }
  return LogLevel::kWarn;
}

}  // namespace

void LogRun(Logger& logger, const RunReport& report) {
  const std::string detail = GetLogDetail(report.error);
  logger.LogEvery(LevelOf(report.state), "rfm_run", "an RFM run ended or was interrupted",
                  {{"run_id", report.run_id},
                   {"state", RunStateName(report.state)},
                   {"attempt_count", report.attempt_count},
                   {"code", absl::StatusCodeToString(report.error.code())},
                   {"reason", GetErrorReason(report.error)},
                   {"detail", detail},
                   {"customer_count", report.customer_count},
                   {"load_s", absl::ToDoubleSeconds(report.load_duration)},
                   {"score_s", absl::ToDoubleSeconds(report.score_duration)},
                   {"write_s", absl::ToDoubleSeconds(report.write_duration)}});
}

}  // namespace clientele::segmentation
