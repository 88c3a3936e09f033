#ifndef SERVICES_PROFILE_API_VALIDATION_CUSTOMER_REQUESTS_H_
#define SERVICES_PROFILE_API_VALIDATION_CUSTOMER_REQUESTS_H_

// Reads the requests that write customers.
//
// Each function lists every violation of its request in INVALID_ARGUMENT, or answers the command in
// domain terms. `rule` is the method's; `now` is the business time. Thread safety: pure functions.

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/common/v1/rpc_policy.pb.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "services/profile/api/validation/identifier_normalizer.h"
#include "services/profile/domain/customer_plan.h"

namespace clientele::profile {

// A command and the request_id of its request, "" when it has none.
template <typename Command>
struct Validated {
  std::string request_id;
  Command command;
};

// The id is empty when the server is to make it.
absl::StatusOr<Validated<NewCustomer>> ValidateCreateCustomer(
    const v1::CreateCustomerRequest& request, common::v1::RequestIdRule rule,
    const IdentifierNormalizer& normalizer, absl::Time now);

// `sees_sensitive`: whether the caller is shown sensitive values. For others the path "attributes"
// leaves out those that are empty, as they were shown them: a customer who was read, edited and
// sent back keeps what was masked.
absl::StatusOr<Validated<CustomerEdit>> ValidateUpdateCustomer(
    const v1::UpdateCustomerRequest& request, common::v1::RequestIdRule rule,
    const IdentifierNormalizer& normalizer, absl::Time now, bool sees_sensitive);

absl::StatusOr<Validated<CustomerStateCommand>> ValidateDeleteCustomer(
    const v1::DeleteCustomerRequest& request, common::v1::RequestIdRule rule, absl::Time now);

absl::StatusOr<Validated<CustomerStateCommand>> ValidateUndeleteCustomer(
    const v1::UndeleteCustomerRequest& request, common::v1::RequestIdRule rule, absl::Time now);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_CUSTOMER_REQUESTS_H_
