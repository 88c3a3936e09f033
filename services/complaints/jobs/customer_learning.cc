#include "services/complaints/jobs/customer_learning.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "common/feed/event_record.h"
#include "common/status/macros.h"
#include "services/complaints/api/converters/event_proto.h"
#include "services/complaints/domain/limits.h"
#include "services/complaints/store/complaint_store.h"

namespace clientele::complaints {

static_assert(kLearnersMax >= kOpenComplaintsMax);

absl::StatusOr<std::vector<Event>> Learn(const ApiContext& api, sql::Tx& tx,
                                         CustomerRecord customer, bool is_new_customer,
                                         const CustomerKnowledge& knowledge) {
  const Stamp stamp{.actor = std::string(kSystemActor),
                    .occur_time = api.BusinessNow(),
                    .record_time = api.RecordNow()};
  std::vector<Event> events;
  CLIENTELE_RETURN_IF_ERROR(SaveCustomer(tx, customer, is_new_customer));
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Complaint> learners,
                             ListLearners(tx, customer.id, knowledge, kLearnersMax));
  for (const Complaint& complaint : learners) {
    ComplaintPlan plan = PlanLearn(customer, complaint, knowledge, stamp);
    CLIENTELE_RETURN_IF_ERROR(SavePlan(tx, *api.vault, plan, false, stamp.record_time));
    customer = plan.customer;
    std::move(plan.events.begin(), plan.events.end(), std::back_inserter(events));
  }
  CLIENTELE_RETURN_IF_ERROR(
      feed::AppendToOutbox(tx, ToOutboxEvents(events, stamp.record_time, api.ids)));
  return events;
}

}  // namespace clientele::complaints
