#ifndef SERVICES_COMPLAINTS_JOBS_CUSTOMER_LEARNING_H_
#define SERVICES_COMPLAINTS_JOBS_CUSTOMER_LEARNING_H_

// Writes what another service says about a customer into the customer's complaints.

#include <vector>

#include "absl/status/statusor.h"
#include "common/sql/database.h"
#include "services/complaints/api/handlers/api_context.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/event.h"
#include "services/complaints/domain/repair_plan.h"

namespace clientele::complaints {

// Complaints of one customer that one transaction changes at most: as many as can be open.
inline constexpr int64_t kLearnersMax = 200;

// Saves `customer` (a new root row or a changed one) and changes at most kLearnersMax of its
// complaints by `knowledge`; appends the events to the outbox and answers them. The customer is
// locked. The database's errors.
absl::StatusOr<std::vector<Event>> Learn(const ApiContext& api, sql::Tx& tx,
                                         CustomerRecord customer, bool is_new_customer,
                                         const CustomerKnowledge& knowledge);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_JOBS_CUSTOMER_LEARNING_H_
