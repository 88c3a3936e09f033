#include "services/complaints/api/handlers/plan_writer.h"

#include <optional>

#include "services/complaints/api/converters/complaint_proto.h"
#include "services/complaints/api/converters/event_proto.h"
#include "services/complaints/store/complaint_store.h"

namespace clientele::complaints {

absl::StatusOr<WriteEffect> StorePlan(const ApiContext& api, sql::Tx& tx, const ComplaintPlan& plan,
                                      bool is_new_customer, absl::Time record_time) {
  if (plan.empty()) {
    return WriteEffect{};
  }
  CLIENTELE_RETURN_IF_ERROR(
      SavePlan(tx, *api.vault, plan, is_new_customer, record_time + kGiveNowGrace));
  return WriteEffect{.changed = true, .events = ToOutboxEvents(plan.events, record_time, api.ids)};
}

absl::StatusOr<TargetState> LoadTarget(const ApiContext& api, sql::Tx& tx,
                                       const ComplaintTarget& target) {
  TargetState state;
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<CustomerRecord> customer,
                             FindCustomer(tx, target.customer_id));
  if (!customer.has_value()) {
    return state;
  }
  state.customer = *customer;
  CLIENTELE_ASSIGN_OR_RETURN(
      state.complaint, FindComplaint(tx, *api.vault, target.customer_id, target.complaint_id));
  return state;
}

Stamp StampOf(const ApiContext& api, const rpc::CallContext& call, absl::Time record_time) {
  return {.actor = call.principal, .occur_time = api.BusinessNow(), .record_time = record_time};
}

v1::Complaint AnswerOf(const ComplaintPlan& plan, bool validate_only) {
  v1::Complaint answer = ToComplaintProto(plan.after);
  if (validate_only) {
    answer.clear_etag();
  }
  return answer;
}

}  // namespace clientele::complaints
