#ifndef SERVICES_PROFILE_API_VALIDATION_READ_REQUESTS_H_
#define SERVICES_PROFILE_API_VALIDATION_READ_REQUESTS_H_

// Reads the requests that read.
//
// Each function lists every violation of its request, or answers what is asked for in domain terms.
// Thread safety: pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/cache/freshness.h"
#include "common/filter/bound_filter.h"
#include "common/pagination/page_token.h"
#include "services/profile/domain/ids.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/purchase_store.h"

namespace clientele::profile {

// A customer and how current the answer must be.
struct CustomerQuery {
  CustomerId id;
  cache::ReadRule rule;
};
absl::StatusOr<CustomerQuery> ValidateGetCustomer(const v1::GetCustomerRequest& request);

// In the order asked.
absl::StatusOr<std::vector<CustomerQuery>> ValidateBatchGetCustomers(
    const v1::BatchGetCustomersRequest& request);

// Checks the identifiers' shape and number.
absl::Status ValidateLookupCustomers(const v1::LookupCustomersRequest& request);

// A page of customers. `arguments` binds the next page's token.
struct CustomerPageQuery {
  BoundFilter filter;
  int32_t page_size = 0;
  std::string after_id;
  std::string arguments;
};
// INVALID_ARGUMENT, INVALID_FILTER, FILTER_NOT_INDEXED, INVALID_PAGE_TOKEN: the reason that fits
// all violations, else INVALID_ARGUMENT.
absl::StatusOr<CustomerPageQuery> ValidateListCustomers(const v1::ListCustomersRequest& request,
                                                        const PageTokenCodec& tokens);

struct FactPageQuery {
  CustomerId customer_id;
  int32_t page_size = 0;
  std::optional<FactPosition> after;
  std::string arguments;
};
absl::StatusOr<FactPageQuery> ValidateListFacts(const v1::ListFactsRequest& request,
                                                const PageTokenCodec& tokens);

struct PurchaseKey {
  CustomerId customer_id;
  PurchaseId purchase_id;
};
absl::StatusOr<PurchaseKey> ValidateGetPurchase(const v1::GetPurchaseRequest& request);

struct PurchasePageQuery {
  CustomerId customer_id;
  BoundFilter filter;
  int32_t page_size = 0;
  std::optional<PurchasePosition> after;
  std::string arguments;
};
absl::StatusOr<PurchasePageQuery> ValidateListPurchases(const v1::ListPurchasesRequest& request,
                                                        const PageTokenCodec& tokens);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_READ_REQUESTS_H_
