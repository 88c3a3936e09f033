#ifndef SERVICES_COMPLAINTS_API_HANDLERS_COMPLAINT_READS_H_
#define SERVICES_COMPLAINTS_API_HANDLERS_COMPLAINT_READS_H_

// The RPCs that read.

#include "absl/status/statusor.h"
#include "clientele/common/v1/explanation.pb.h"
#include "clientele/complaints/v1/complaint_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/complaints/api/handlers/api_context.h"

namespace clientele::complaints {

// Errors as at the RPC in complaint_service.proto. Thread-safe; `api` outlives it.
class ComplaintReads {
 public:
  explicit ComplaintReads(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::Complaint> Get(rpc::CallContext& call,
                                    const v1::GetComplaintRequest& request) const;
  absl::StatusOr<v1::Complaint> Lookup(rpc::CallContext& call,
                                       const v1::LookupComplaintRequest& request) const;
  absl::StatusOr<v1::ListComplaintsResponse> List(rpc::CallContext& call,
                                                  const v1::ListComplaintsRequest& request) const;
  absl::StatusOr<v1::ListTimelineResponse> ListTimeline(
      rpc::CallContext& call, const v1::ListTimelineRequest& request) const;
  absl::StatusOr<common::v1::Explanation> ExplainPriority(
      rpc::CallContext& call, const v1::ExplainPriorityRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_HANDLERS_COMPLAINT_READS_H_
