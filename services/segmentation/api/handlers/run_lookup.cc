#include "services/segmentation/api/handlers/run_lookup.h"

#include <optional>
#include <utility>

#include "common/status/macros.h"
#include "services/segmentation/api/converters/model_converter.h"
#include "services/segmentation/domain/errors.h"

namespace clientele::segmentation {

absl::StatusOr<RunRecord> LookUpRun(sql::Tx& tx, const std::string& run_id) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<RunRecord> run,
                             run_id.empty() ? FindLatestSucceededRun(tx) : FindRun(tx, run_id));
  if (!run.has_value()) {
    return run_id.empty() ? NoRfmRunSucceeded() : RfmRunNotFound(run_id);
  }
  return *std::move(run);
}

absl::StatusOr<FinishedRun> LookUpFinishedRun(sql::Tx& tx, const std::string& run_id) {
  FinishedRun run;
  CLIENTELE_ASSIGN_OR_RETURN(run.record, LookUpRun(tx, run_id));
  CLIENTELE_RETURN_IF_ERROR(RequireSucceeded(run.record.request.run_id, run.record.state));
  CLIENTELE_ASSIGN_OR_RETURN(run.spec, SpecFromBytes(run.record.request.spec_bytes));
  return run;
}

}  // namespace clientele::segmentation
