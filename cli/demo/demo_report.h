#ifndef CLI_DEMO_DEMO_REPORT_H_
#define CLI_DEMO_DEMO_REPORT_H_

// What `clientele demo` found out by calling the suite, and its one screen of text. Pure.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "cli/client/purchase_import.h"
#include "cli/output/heat_map.h"
#include "clientele/common/v1/explanation.pb.h"
#include "clientele/complaints/v1/complaint.pb.h"
#include "clientele/loyalty/v1/ledger.pb.h"
#include "clientele/loyalty/v1/tier.pb.h"
#include "clientele/segmentation/v1/rfm_report.pb.h"
#include "clientele/segmentation/v1/rfm_run.pb.h"

namespace clientele::cli {

// What came in.
struct DemoImport {
  std::string source;
  int64_t rows_read = 0;
  int64_t customer_count = 0;
  int64_t order_count = 0;
  int64_t refund_count = 0;
  std::vector<std::pair<std::string, int64_t>> rejected;  // reason, rows
  absl::Duration elapsed;                                 // until every service had caught up
};

// Members of one tier.
struct DemoTier {
  std::string tier;
  int64_t member_count = 0;
  int64_t net_spend_minor = 0;  // of the last 365 days
};

// Points as the feed of loyalty tells of them.
struct DemoPoints {
  std::string currency_code;    // of net spend; empty = nobody is a member
  std::vector<DemoTier> tiers;  // the lowest first
  int64_t earned = 0;
  int64_t reversed = 0;  // taken back by refunds
};

// The complaint of the demo from filing to its end.
struct DemoComplaint {
  clientele::segmentation::v1::RfmScore customer;
  std::string tier;
  clientele::complaints::v1::Complaint complaint;  // as it ended
  clientele::common::v1::Explanation priority;
  int64_t points_before = 0;
  int64_t points_after = 0;
  absl::Duration elapsed;  // from filing to closing
};

// What time will bring.
struct DemoDue {
  int64_t tiers_ending_count = 0;  // within `horizon` of the business time
  absl::Duration horizon;
  clientele::loyalty::v1::TierExplanation next_tier;  // of the first tier to end; unset = none
  clientele::loyalty::v1::Balance balance;            // of the complaint's customer
};

struct DemoReport {
  DemoImport import;
  clientele::segmentation::v1::RfmRun run;
  clientele::segmentation::v1::RfmComparison comparison;  // with 90 days before
  clientele::segmentation::v1::RfmMatrix matrix;
  DemoPoints points;
  DemoComplaint complaint;
  DemoDue due;
  std::vector<std::pair<std::string, std::string>> addresses;  // service or "ops", "host:port"
  std::string data_dir;
  std::string database_url;   // "" = SQLite in data_dir
  std::string redis_address;  // "" = none
  bool stays_up = true;       // so that commands can be tried
};

// One screen, about 100 columns wide.
std::string DemoText(const DemoReport& report, Shading shading);

}  // namespace clientele::cli

#endif  // CLI_DEMO_DEMO_REPORT_H_
