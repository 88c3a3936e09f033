#ifndef SERVICES_COMPLAINTS_API_VALIDATION_WRITE_REQUESTS_H_
#define SERVICES_COMPLAINTS_API_VALIDATION_WRITE_REQUESTS_H_

// Reads the requests that write.
//
// Each function lists every violation of its request in INVALID_ARGUMENT, or answers the command in
// domain terms. `now` is the business time. Pure.

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/complaints/v1/complaint_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/complaints/domain/complaint_plan.h"
#include "services/complaints/domain/remedy_plan.h"

namespace clientele::complaints {

// The complaint has no id when the server is to make it, and no number yet.
struct FileCommand {
  std::string request_id;
  Complaint complaint;
};
absl::StatusOr<FileCommand> ValidateFile(const rpc::CallContext& call,
                                         const v1::FileComplaintRequest& request, absl::Time now);

// What every request on a complaint has; request_id is "" when there is none.
struct TargetCommand {
  std::string request_id;
  ComplaintTarget target;
};
absl::StatusOr<TargetCommand> ValidateAcknowledge(const rpc::CallContext& call,
                                                  const v1::AcknowledgeComplaintRequest& request);
absl::StatusOr<TargetCommand> ValidateClose(const rpc::CallContext& call,
                                            const v1::CloseComplaintRequest& request);

struct AssignCommand : TargetCommand {
  StaffId assignee_id;
};
absl::StatusOr<AssignCommand> ValidateAssign(const rpc::CallContext& call,
                                             const v1::AssignComplaintRequest& request);

struct EntryCommand : TargetCommand {
  NewEntry entry;
  absl::Time occur_time;
};
absl::StatusOr<EntryCommand> ValidateAddMessage(const rpc::CallContext& call,
                                                const v1::AddMessageRequest& request,
                                                absl::Time now);
absl::StatusOr<EntryCommand> ValidateAddNote(const rpc::CallContext& call,
                                             const v1::AddNoteRequest& request, absl::Time now);

// The remedy has no id yet.
struct ProposeCommand : TargetCommand {
  NewRemedy remedy;
};
absl::StatusOr<ProposeCommand> ValidateProposeRemedy(const rpc::CallContext& call,
                                                     const v1::ProposeRemedyRequest& request);

struct ApproveCommand : TargetCommand {
  RemedyId remedy_id;
};
absl::StatusOr<ApproveCommand> ValidateApproveRemedy(const rpc::CallContext& call,
                                                     const v1::ApproveRemedyRequest& request);

struct ResolveCommand : TargetCommand {
  Resolution resolution;
};
absl::StatusOr<ResolveCommand> ValidateResolve(const rpc::CallContext& call,
                                               const v1::ResolveComplaintRequest& request);

struct ReopenCommand : TargetCommand {
  std::string reason;
};
absl::StatusOr<ReopenCommand> ValidateReopen(const rpc::CallContext& call,
                                             const v1::ReopenComplaintRequest& request);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_VALIDATION_WRITE_REQUESTS_H_
