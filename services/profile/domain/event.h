#ifndef SERVICES_PROFILE_DOMAIN_EVENT_H_
#define SERVICES_PROFILE_DOMAIN_EVENT_H_

// What profile tells the world. No personal values: ids, states, amounts and names of attributes.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "common/money/currency.h"
#include "services/profile/domain/customer.h"
#include "services/profile/domain/fact.h"
#include "services/profile/domain/ids.h"
#include "services/profile/domain/purchase.h"

namespace clientele::profile {

struct CustomerCreated {
  CustomerKind kind;
  std::string source_system;
  int64_t version;  // of the customer, after the event
};

// Also for delete and undelete.
struct CustomerUpdated {
  CustomerState state;
  CommercialStatus commercial_status;
  std::vector<std::string> changed_fields;  // paths of Customer
  int64_t version;                          // of the customer, after the event
};

// The shown value of one attribute is another one now.
struct FactChanged {
  Attribute attribute;
  FactId fact_id;
  CollectionChannel channel;
};

struct PurchaseRecorded {
  PurchaseId purchase_id;
  std::string source_system;
  CurrencyCode currency;
  int64_t gross_minor;
  int32_t line_count;
  std::string channel;
  std::string store;
  std::string region;
};

struct PurchaseRefunded {
  PurchaseId purchase_id;
  std::string refund_number;
  CurrencyCode currency;
  int64_t amount_minor;    // this refund
  int64_t refunded_minor;  // all refunds so far, this one included
  PurchaseState state;     // after it
};

struct PurchaseCancelled {
  PurchaseId purchase_id;
  CurrencyCode currency;
  int64_t gross_minor;
};

using EventBody = std::variant<CustomerCreated, CustomerUpdated, FactChanged, PurchaseRecorded,
                               PurchaseRefunded, PurchaseCancelled>;

struct Event {
  CustomerId customer_id;
  int64_t feed_seq;  // its number among the customer's events, dense from 1
  absl::Time occur_time;
  EventBody body;
};

// Numbers an event: the customer's feed_seq grows by one.
Event NumberEvent(CustomerRoot& customer, absl::Time occur_time, EventBody body);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_EVENT_H_
