#ifndef SERVICES_PROFILE_STORE_PLACES_H_
#define SERVICES_PROFILE_STORE_PLACES_H_

// Where profile's sealed texts stand. Changing what is said here makes stored texts unreadable.
// Internal to the store; views must outlive the place.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/sealing/customer_keys.h"

namespace clientele::profile {

inline sealing::Place FactPlace(absl::string_view customer_id, absl::string_view fact_id) {
  return {.customer_id = customer_id, .column = "customer_fact.value", .row = fact_id};
}

inline sealing::Place IdentifierPlace(absl::string_view customer_id,
                                      absl::string_view identifier_hash) {
  return {
      .customer_id = customer_id, .column = "customer_identifier.value", .row = identifier_hash};
}

// Of `row` RefundRow(purchase_id, refund_number), which tells a customer's refunds apart.
inline sealing::Place RefundPlace(absl::string_view customer_id, absl::string_view row) {
  return {.customer_id = customer_id, .column = "purchase_refund.reason", .row = row};
}
inline std::string RefundRow(absl::string_view purchase_id, absl::string_view refund_number) {
  return absl::StrCat(purchase_id, "/", refund_number);
}

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_PLACES_H_
