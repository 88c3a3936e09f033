#include "services/complaints/api/handlers/complaint_writes.h"

#include "common/status/macros.h"
#include "services/complaints/api/converters/complaint_proto.h"
#include "services/complaints/api/handlers/target_write.h"
#include "services/complaints/domain/complaint_plan.h"
#include "services/complaints/store/complaint_store.h"

namespace clientele::complaints {
namespace {

// Messages and notes.
absl::StatusOr<v1::TimelineEntry> AddEntry(const ApiContext& api, rpc::CallContext& call,
                                           const EntryCommand& command,
                                           const google::protobuf::Message& request) {
  return ChangeTarget<v1::TimelineEntry>(
      api, call, command, request,
      [&](sql::Tx&, const TargetState& state, Stamp stamp) {
        stamp.occur_time = command.occur_time;
        return PlanAddEntry(state, command.target, command.entry, stamp);
      },
      [](const ComplaintPlan& plan) { return ToTimelineEntryProto(plan.entries.front()); });
}

}  // namespace

absl::StatusOr<v1::Complaint> ComplaintWrites::Acknowledge(
    rpc::CallContext& call, const v1::AcknowledgeComplaintRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const TargetCommand command, ValidateAcknowledge(call, request));
  return ChangeComplaint(api_, call, command, request,
                         [&](sql::Tx&, const TargetState& state, const Stamp& stamp) {
                           return PlanAcknowledge(state, command.target, stamp);
                         });
}

absl::StatusOr<v1::Complaint> ComplaintWrites::Assign(
    rpc::CallContext& call, const v1::AssignComplaintRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const AssignCommand command, ValidateAssign(call, request));
  return ChangeComplaint(api_, call, command, request,
                         [&](sql::Tx&, const TargetState& state, const Stamp& stamp) {
                           return PlanAssign(state, command.target, command.assignee_id, stamp);
                         });
}

absl::StatusOr<v1::TimelineEntry> ComplaintWrites::AddMessage(
    rpc::CallContext& call, const v1::AddMessageRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const EntryCommand command,
                             ValidateAddMessage(call, request, api_.BusinessNow()));
  return AddEntry(api_, call, command, request);
}

absl::StatusOr<v1::TimelineEntry> ComplaintWrites::AddNote(
    rpc::CallContext& call, const v1::AddNoteRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const EntryCommand command,
                             ValidateAddNote(call, request, api_.BusinessNow()));
  return AddEntry(api_, call, command, request);
}

absl::StatusOr<v1::Complaint> ComplaintWrites::Resolve(
    rpc::CallContext& call, const v1::ResolveComplaintRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ResolveCommand command, ValidateResolve(call, request));
  return ChangeComplaint(api_, call, command, request,
                         [&](sql::Tx&, const TargetState& state, const Stamp& stamp) {
                           return PlanResolve(state, command.target, command.resolution, stamp);
                         });
}

absl::StatusOr<v1::Complaint> ComplaintWrites::Close(
    rpc::CallContext& call, const v1::CloseComplaintRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const TargetCommand command, ValidateClose(call, request));
  return ChangeComplaint(api_, call, command, request,
                         [&](sql::Tx&, const TargetState& state, const Stamp& stamp) {
                           return PlanClose(state, command.target, stamp);
                         });
}

absl::StatusOr<v1::Complaint> ComplaintWrites::Reopen(
    rpc::CallContext& call, const v1::ReopenComplaintRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ReopenCommand command, ValidateReopen(call, request));
  return ChangeComplaint(
      api_, call, command, request,
      [&](sql::Tx& tx, const TargetState& state,
          const Stamp& stamp) -> absl::StatusOr<ComplaintPlan> {
        CLIENTELE_ASSIGN_OR_RETURN(const int64_t open_count,
                                   CountOpenComplaints(tx, command.target.customer_id));
        return PlanReopen(state, command.target, open_count, command.reason, stamp);
      });
}

}  // namespace clientele::complaints
