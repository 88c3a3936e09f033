#ifndef CLI_DEMO_DEMO_COMPLAINT_H_
#define CLI_DEMO_DEMO_COMPLAINT_H_

// The complaint of `clientele demo`, from filing to points.

#include "absl/status/statusor.h"
#include "cli/demo/demo_report.h"
#include "cli/environment.h"
#include "clientele/segmentation/v1/rfm_score.pb.h"

namespace clientele::cli {

// Files a complaint of `customer`, acknowledges and assigns it, gives points as a remedy, resolves
// and closes it. UNAVAILABLE when the points have not arrived within the time of one call.
absl::StatusOr<DemoComplaint> PutComplaintRight(
    const clientele::segmentation::v1::RfmScore& customer, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_DEMO_DEMO_COMPLAINT_H_
