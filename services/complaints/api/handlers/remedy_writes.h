#ifndef SERVICES_COMPLAINTS_API_HANDLERS_REMEDY_WRITES_H_
#define SERVICES_COMPLAINTS_API_HANDLERS_REMEDY_WRITES_H_

// The RPCs that change the remedies of a complaint.

#include "absl/status/statusor.h"
#include "clientele/complaints/v1/complaint_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/complaints/api/handlers/api_context.h"

namespace clientele::complaints {

// Errors as at the RPC in complaint_service.proto. Thread-safe; `api` outlives it.
class RemedyWrites {
 public:
  explicit RemedyWrites(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::Complaint> Propose(rpc::CallContext& call,
                                        const v1::ProposeRemedyRequest& request) const;
  absl::StatusOr<v1::Complaint> Approve(rpc::CallContext& call,
                                        const v1::ApproveRemedyRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_HANDLERS_REMEDY_WRITES_H_
