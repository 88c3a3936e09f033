#ifndef SERVICES_PROFILE_API_HANDLERS_API_CONTEXT_H_
#define SERVICES_PROFILE_API_HANDLERS_API_CONTEXT_H_

// What every handler of profile works with.

#include <string>

#include "common/handler/handler_context.h"
#include "services/profile/api/validation/identifier_normalizer.h"
#include "services/profile/store/customer_store.h"

namespace clientele::profile {

// The cache::Kind::name of customers.
inline constexpr char kCustomerKind[] = "customer";

// Owned by the module; outlives every handler. Everything in it is thread-safe.
struct ApiContext : HandlerContext {
  explicit ApiContext(const HandlerParts& parts)
      : HandlerContext("profile", parts,
                       [](sql::Tx& tx, absl::string_view customer_id) {
                         return LockCustomers(tx, {std::string(customer_id)});
                       }),
        identifiers(parts.key),
        cached_customers(parts.cache.MakeKind(kCustomerKind)) {}

  const IdentifierNormalizer identifiers;
  const cache::Kind cached_customers;  // by customer_id; the payload is a v1::Customer
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_API_CONTEXT_H_
