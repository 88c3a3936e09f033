#ifndef SERVICES_SEGMENTATION_API_HANDLERS_LATEST_RUN_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_LATEST_RUN_H_

// Which run is the latest that succeeded, read through the cache.

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/cache/freshness.h"
#include "services/segmentation/api/handlers/api_context.h"
#include "services/segmentation/domain/rfm_run.h"

namespace clientele::segmentation {

// Its run_id. NOT_FOUND RFM_RUN_NOT_FOUND while there is none; the errors of the cache and of the
// database.
absl::StatusOr<std::string> FindLatestRun(const ApiContext& api, const cache::ReadRule& rule,
                                          absl::Time deadline);

// After the commit that made this run succeed: the cache names no older one as the latest.
void OutdateLatestRun(const ApiContext& api, RunNo succeeded);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_LATEST_RUN_H_
