#ifndef SERVICES_COMPLAINTS_JOBS_CUSTOMER_REPAIR_H_
#define SERVICES_COMPLAINTS_JOBS_CUSTOMER_REPAIR_H_

// Asks again what could not be asked when a complaint was filed: profile whether the customer
// exists, loyalty for the tier.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/complaints/api/handlers/api_context.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/repair_plan.h"
#include "services/complaints/jobs/job_failure.h"

namespace clientele::complaints {

struct CustomerRepairOptions {
  absl::Duration call_timeout = absl::Seconds(2);
  // Between rounds, while there is nothing to do or somebody is away: so soon is a service found
  // that has come back.
  absl::Duration wait = absl::Seconds(2);
  int batch_max = 100;  // customers of one round, 1..1,000: some 200 ms of writing
};

// Used by one thread.
class CustomerRepair {
 public:
  // `on_error` is told of every question and transaction that failed; quick. `api` outlives it.
  CustomerRepair(const CustomerRepairOptions& options, const ApiContext& api,
                 OnJobFailure on_error);

  // Asks about the next customers that wait, all of them in turn over the rounds. Answers how long
  // to wait before the next round.
  absl::Duration RunRound();

 private:
  // Customers with their root rows as they were before the others were asked.
  absl::StatusOr<std::vector<CustomerRecord>> NextBatch();
  // Answers what was learnt about each; nothing where nobody answered.
  std::vector<CustomerKnowledge> Ask(const std::vector<CustomerRecord>& customers) const;
  absl::Status Repair(const CustomerRecord& asked, CustomerKnowledge knowledge) const;

  const CustomerRepairOptions options_;
  const ApiContext& api_;
  const OnJobFailure on_error_;
  std::string after_id_;  // where the next round begins
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_JOBS_CUSTOMER_REPAIR_H_
