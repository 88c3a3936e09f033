#ifndef CLI_DEMO_DEMO_MEMBERS_H_
#define CLI_DEMO_DEMO_MEMBERS_H_

// What loyalty tells `clientele demo` about the customers of a file.

#include <string>

#include "absl/status/statusor.h"
#include "cli/demo/demo_report.h"
#include "cli/environment.h"
#include "cli/import/purchase_file.h"

namespace clientele::cli {

// The members of each tier among the file's customers, and all points of loyalty's feed so far.
absl::StatusOr<DemoPoints> ReadPoints(const PurchaseFile& file, Environment& environment);

// Whose tiers end soon, and when `customer_id`, a member, loses points.
absl::StatusOr<DemoDue> ReadDue(const PurchaseFile& file, const std::string& customer_id,
                                Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_DEMO_DEMO_MEMBERS_H_
