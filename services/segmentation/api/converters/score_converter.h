#ifndef SERVICES_SEGMENTATION_API_CONVERTERS_SCORE_CONVERTER_H_
#define SERVICES_SEGMENTATION_API_CONVERTERS_SCORE_CONVERTER_H_

// Scores and explanations as messages. Pure functions.

#include "absl/strings/string_view.h"
#include "clientele/segmentation/v1/rfm_score.pb.h"
#include "services/segmentation/domain/explanation.h"
#include "services/segmentation/domain/rfm_model.h"
#include "services/segmentation/store/rfm_score_store.h"

namespace clientele::segmentation {

// `spec` is the run's. The customer is `entry.customer_id`.
v1::RfmScore ToProto(const RfmModelSpec& spec, absl::string_view run_id, const ScoreEntry& entry);

// The same for what came out of the store.
v1::RfmScore ToProto(const RfmModelSpec& spec, absl::string_view run_id, const ScoreRecord& record);

// Everything but the score itself.
v1::RfmScoreExplanation ToProto(const ScoreExplanation& explanation);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_CONVERTERS_SCORE_CONVERTER_H_
