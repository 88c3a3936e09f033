#ifndef SERVICES_COMPLAINTS_API_HANDLERS_COMPLAINT_WRITES_H_
#define SERVICES_COMPLAINTS_API_HANDLERS_COMPLAINT_WRITES_H_

// The RPCs that change a complaint but its remedies.

#include "absl/status/statusor.h"
#include "clientele/complaints/v1/complaint_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/complaints/api/handlers/api_context.h"

namespace clientele::complaints {

// Errors as at the RPC in complaint_service.proto. Thread-safe; `api` outlives it.
class ComplaintWrites {
 public:
  explicit ComplaintWrites(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::Complaint> Acknowledge(rpc::CallContext& call,
                                            const v1::AcknowledgeComplaintRequest& request) const;
  absl::StatusOr<v1::Complaint> Assign(rpc::CallContext& call,
                                       const v1::AssignComplaintRequest& request) const;
  absl::StatusOr<v1::TimelineEntry> AddMessage(rpc::CallContext& call,
                                               const v1::AddMessageRequest& request) const;
  absl::StatusOr<v1::TimelineEntry> AddNote(rpc::CallContext& call,
                                            const v1::AddNoteRequest& request) const;
  absl::StatusOr<v1::Complaint> Resolve(rpc::CallContext& call,
                                        const v1::ResolveComplaintRequest& request) const;
  absl::StatusOr<v1::Complaint> Close(rpc::CallContext& call,
                                      const v1::CloseComplaintRequest& request) const;
  absl::StatusOr<v1::Complaint> Reopen(rpc::CallContext& call,
                                       const v1::ReopenComplaintRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_HANDLERS_COMPLAINT_WRITES_H_
