#ifndef CLI_DEMO_DEMO_STORY_H_
#define CLI_DEMO_DEMO_STORY_H_

// The story of `clientele demo`, told to a running suite through its public RPCs: purchases in,
// segments now and 90 days before, tiers and points, one complaint from filing to points.

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "cli/demo/demo_report.h"
#include "cli/environment.h"
#include "cli/import/purchase_file.h"
#include "cli/import/refund_file.h"

namespace clientele::cli {

// What is taken in: orders, and refunds that stand in a file of their own (may be empty).
struct DemoFiles {
  PurchaseFile purchases;
  RefundFile refunds;
};

// The day after the file's last order, UTC: what the demo takes for today. FAILED_PRECONDITION when
// the file has no order.
absl::StatusOr<absl::CivilDay> DemoDay(const PurchaseFile& file);

// Plays the story against the suite that `environment` names and answers what it saw, without
// addresses and data_dir. Blocks until every service has read what was imported. A second run on
// the same data imports nothing and files another complaint.
absl::StatusOr<DemoReport> PlayDemo(const DemoFiles& files, absl::CivilDay today,
                                    Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_DEMO_DEMO_STORY_H_
