#ifndef SERVICES_SEGMENTATION_WORK_LOG_H_
#define SERVICES_SEGMENTATION_WORK_LOG_H_

// The log lines of segmentation's background work.
//
// What is tried again by itself is a warning; what is not, and so waits for somebody, is an error.
// Thread safety: thread-safe, as Logger.

#include "common/observability/log.h"
#include "services/segmentation/jobs/rfm_executor.h"

namespace clientele::segmentation {

// "rfm_run": how a run ended, or that it was interrupted; one line for each.
void LogRun(Logger& logger, const RunReport& report);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_WORK_LOG_H_
