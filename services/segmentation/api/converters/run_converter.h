#ifndef SERVICES_SEGMENTATION_API_CONVERTERS_RUN_CONVERTER_H_
#define SERVICES_SEGMENTATION_API_CONVERTERS_RUN_CONVERTER_H_

// Runs as messages, and what a run found as the bytes the store keeps. Pure functions.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clientele/segmentation/v1/rfm_run.pb.h"
#include "common/feed/positions.h"
#include "services/segmentation/domain/cut_points.h"
#include "services/segmentation/domain/gates.h"
#include "services/segmentation/domain/order_counting.h"
#include "services/segmentation/domain/scoring.h"
#include "services/segmentation/store/rfm_run_store.h"
#include "services/segmentation/store/rfm_score_store.h"

namespace clientele::segmentation {

// Everything a run found but the scores of every customer. The references need live only for the
// call.
struct RunFindings {
  absl::string_view run_id;
  const RfmModelSpec& spec;
  const feed::Positions& positions;
  const std::vector<FailedGate>& failed_gates;
  const Population& population;
  const CutPoints& cut_points;
  const RunScores& scores;  // with the unscored added
  std::vector<ScoreEntry> top;
};

// The fields of RfmRun that are set once it has succeeded.
std::string FindingsToBytes(const RunFindings& findings);

enum class RunView {
  kFull,
  kList,  // without segments, matrix and top customers
};

// `live` is how far the run is now, when that is known. INTERNAL when what is stored cannot be
// read.
absl::StatusOr<v1::RfmRun> ToProto(const RunRecord& run, const std::optional<RunProgress>& live,
                                   RunView view);

// The cut points of a run that has succeeded. INTERNAL as ToProto.
absl::StatusOr<CutPoints> CutPointsOf(const RunRecord& run);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_CONVERTERS_RUN_CONVERTER_H_
