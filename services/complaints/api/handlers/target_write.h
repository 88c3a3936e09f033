#ifndef SERVICES_COMPLAINTS_API_HANDLERS_TARGET_WRITE_H_
#define SERVICES_COMPLAINTS_API_HANDLERS_TARGET_WRITE_H_

// RunPlan for commands on a complaint that exists.

#include <utility>

#include "common/handler/request_content.h"
#include "services/complaints/api/handlers/plan_writer.h"
#include "services/complaints/api/validation/write_requests.h"

namespace clientele::complaints {

// Loads what `command` means and plans: `make_plan`(tx, state, stamp) →
// absl::StatusOr<ComplaintPlan>; `to_response`(plan) → Response.
template <typename Response, typename MakePlan, typename ToResponse>
absl::StatusOr<Response> ChangeTarget(const ApiContext& api, rpc::CallContext& call,
                                      const TargetCommand& command,
                                      const google::protobuf::Message& request, MakePlan make_plan,
                                      ToResponse to_response) {
  return RunPlan<Response>(
      api, call, {command.target.customer_id.value(), command.request_id}, request,
      [&](sql::Tx& tx, const Stamp& stamp) -> absl::StatusOr<PlannedWrite> {
        CLIENTELE_ASSIGN_OR_RETURN(const TargetState state, LoadTarget(api, tx, command.target));
        CLIENTELE_ASSIGN_OR_RETURN(ComplaintPlan plan, make_plan(tx, state, stamp));
        return PlannedWrite{.plan = std::move(plan)};
      },
      to_response);
}

// The same where the complaint is the answer.
template <typename MakePlan>
absl::StatusOr<v1::Complaint> ChangeComplaint(const ApiContext& api, rpc::CallContext& call,
                                              const TargetCommand& command,
                                              const google::protobuf::Message& request,
                                              MakePlan make_plan) {
  return ChangeTarget<v1::Complaint>(
      api, call, command, request, make_plan,
      [&](const ComplaintPlan& plan) { return AnswerOf(plan, IsValidateOnly(request)); });
}

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_HANDLERS_TARGET_WRITE_H_
