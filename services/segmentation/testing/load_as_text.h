#ifndef SERVICES_SEGMENTATION_TESTING_LOAD_AS_TEXT_H_
#define SERVICES_SEGMENTATION_TESTING_LOAD_AS_TEXT_H_

// For tests only: what a run would count, as text that a test can read and compare.

#include <string>

#include "absl/time/civil_time.h"
#include "common/sql/database.h"
#include "services/segmentation/domain/rfm_model.h"
#include "services/segmentation/jobs/population_loader.h"

namespace clientele::segmentation {

// At the positions the consumer has stored: a line "<customer> <days> <orders> <revenue>" per
// scored customer, "<customer> out <days>" per one out of the window, then "<REASON> <count>" for
// every exclusion. `spec` names its currency. Aborts on error.
std::string LoadAsText(sql::Database& database, const RfmModelSpec& spec, absl::CivilDay as_of,
                       const LoadOptions& options);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_TESTING_LOAD_AS_TEXT_H_
