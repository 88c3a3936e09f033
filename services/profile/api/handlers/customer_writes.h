#ifndef SERVICES_PROFILE_API_HANDLERS_CUSTOMER_WRITES_H_
#define SERVICES_PROFILE_API_HANDLERS_CUSTOMER_WRITES_H_

// The RPCs that change customers.

#include "absl/status/statusor.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "common/rpc/call_context.h"
#include "services/profile/api/handlers/api_context.h"

namespace clientele::profile {

// Errors as at the RPC in customer_service.proto. Thread-safe; `api` outlives it.
class CustomerWrites {
 public:
  explicit CustomerWrites(const ApiContext& api) : api_(api) {}

  absl::StatusOr<v1::Customer> Create(rpc::CallContext& call,
                                      const v1::CreateCustomerRequest& request) const;
  absl::StatusOr<v1::Customer> Update(rpc::CallContext& call,
                                      const v1::UpdateCustomerRequest& request) const;
  absl::StatusOr<v1::Customer> Delete(rpc::CallContext& call,
                                      const v1::DeleteCustomerRequest& request) const;
  absl::StatusOr<v1::Customer> Undelete(rpc::CallContext& call,
                                        const v1::UndeleteCustomerRequest& request) const;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_CUSTOMER_WRITES_H_
