#ifndef SERVICES_SEGMENTATION_API_HANDLERS_RUN_LOOKUP_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_RUN_LOOKUP_H_

// Finds the run a request means. Pure functions over a transaction.

#include <string>

#include "absl/status/statusor.h"
#include "common/sql/database.h"
#include "services/segmentation/domain/rfm_model.h"
#include "services/segmentation/store/rfm_run_store.h"

namespace clientele::segmentation {

// The run, or with an empty id the latest that succeeded. NOT_FOUND RFM_RUN_NOT_FOUND.
absl::StatusOr<RunRecord> LookUpRun(sql::Tx& tx, const std::string& run_id);

// A run whose scores can be read.
struct FinishedRun {
  RunRecord record;
  RfmModelSpec spec;
};

// As LookUpRun; FAILED_PRECONDITION RFM_RUN_NOT_FINISHED unless the run has succeeded.
absl::StatusOr<FinishedRun> LookUpFinishedRun(sql::Tx& tx, const std::string& run_id);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_RUN_LOOKUP_H_
