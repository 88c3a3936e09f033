#ifndef SERVICES_COMPLAINTS_API_HANDLERS_PLAN_WRITER_H_
#define SERVICES_COMPLAINTS_API_HANDLERS_PLAN_WRITER_H_

// From plans to rows, events and answers: the frame of every write of complaints.

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clientele/complaints/v1/complaint.pb.h"
#include "common/handler/request_content.h"
#include "common/handler/write_call.h"
#include "common/rpc/call_context.h"
#include "common/status/macros.h"
#include "services/complaints/api/handlers/api_context.h"
#include "services/complaints/domain/complaint_plan.h"

namespace clientele::complaints {

// How long the executor leaves an approved remedy to the caller who approved it.
inline constexpr absl::Duration kGiveNowGrace = absl::Seconds(3);

// Stores a plan and answers its events as rows of the outbox. Nothing is stored of an empty plan.
absl::StatusOr<WriteEffect> StorePlan(const ApiContext& api, sql::Tx& tx, const ComplaintPlan& plan,
                                      bool is_new_customer, absl::Time record_time);

// What a plan for `target` needs to know.
absl::StatusOr<TargetState> LoadTarget(const ApiContext& api, sql::Tx& tx,
                                       const ComplaintTarget& target);

// By whom and when: `occur_time` is the business time unless a caller says otherwise.
Stamp StampOf(const ApiContext& api, const rpc::CallContext& call, absl::Time record_time);

// The complaint as the plan leaves it; without its etag when the plan is not meant, because another
// change may come to that version.
v1::Complaint AnswerOf(const ComplaintPlan& plan, bool validate_only);

// A plan and whether its customer's root row is a new one.
struct PlannedWrite {
  ComplaintPlan plan;
  bool is_new_customer = false;
};

// Runs one command as a write (RunWrite): `make_plan`(tx, stamp) → absl::StatusOr<PlannedWrite>,
// `to_response`(plan) → Response. Tells the events once they are committed. With validate_only the
// plan is answered and nothing is stored or told.
template <typename Response, typename MakePlan, typename ToResponse>
absl::StatusOr<Response> RunPlan(const ApiContext& api, rpc::CallContext& call, const WriteKey& key,
                                 const google::protobuf::Message& request, MakePlan make_plan,
                                 ToResponse to_response) {
  std::vector<Event> events;
  absl::StatusOr<Response> response = RunWrite<Response>(
      api, call, key, request,
      [&](sql::Tx& tx, absl::Time record_time, Response& filled) -> absl::StatusOr<WriteEffect> {
        CLIENTELE_ASSIGN_OR_RETURN(const PlannedWrite planned,
                                   make_plan(tx, StampOf(api, call, record_time)));
        filled = to_response(planned.plan);
        if (IsValidateOnly(request)) {
          return WriteEffect{};
        }
        events = planned.plan.events;
        return StorePlan(api, tx, planned.plan, planned.is_new_customer, record_time);
      });
  if (response.ok() && !call.replayed) {
    for (const Event& event : events) {
      api.on_event(event);
    }
  }
  return response;
}

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_HANDLERS_PLAN_WRITER_H_
