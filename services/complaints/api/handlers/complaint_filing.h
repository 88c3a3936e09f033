#ifndef SERVICES_COMPLAINTS_API_HANDLERS_COMPLAINT_FILING_H_
#define SERVICES_COMPLAINTS_API_HANDLERS_COMPLAINT_FILING_H_

// The RPC that takes a complaint in.

#include "absl/status/statusor.h"
#include "clientele/complaints/v1/complaint_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/complaints/api/handlers/api_context.h"

namespace clientele::complaints {

// Errors as at the RPC in complaint_service.proto. Thread-safe; `api` outlives it.
class ComplaintFiling {
 public:
  explicit ComplaintFiling(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::Complaint> File(rpc::CallContext& call,
                                     const v1::FileComplaintRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_HANDLERS_COMPLAINT_FILING_H_
