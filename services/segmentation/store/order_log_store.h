#ifndef SERVICES_SEGMENTATION_STORE_ORDER_LOG_STORE_H_
#define SERVICES_SEGMENTATION_STORE_ORDER_LOG_STORE_H_

// Writes what profile's feed says into the order log.
//
// Every function applies its entries in order and changes nothing the second time it gets the same
// entries. All but UpdateCustomerStates are set-oriented. Views must outlive the call. Pure
// functions over a transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace clientele::segmentation {

// Where an event stands in the feed partition of its customer, and when it happened.
struct EventPlace {
  int64_t position = 0;
  absl::Time occur_time;
};

struct CustomerEntry {
  absl::string_view customer_id;
  EventPlace created;
};

// An event after which a customer is, or is not, deleted; it may have been so before.
struct CustomerStateEntry {
  absl::string_view customer_id;
  int64_t feed_seq = 0;  // the event's number among the customer's
  EventPlace changed;
  bool deleted = false;
};

struct OrderEntry {
  absl::string_view customer_id;
  absl::string_view purchase_id;  // the 16 bytes of the UUID
  EventPlace recorded;
  int64_t gross_minor = 0;
  absl::string_view currency_code;
  absl::string_view source_system;
  absl::string_view channel;  // these three may be empty
  absl::string_view store;
  absl::string_view region;
};

struct RefundEntry {
  absl::string_view customer_id;
  absl::string_view purchase_id;
  absl::string_view refund_number;
  EventPlace refunded;
  int64_t amount_minor = 0;
  int64_t refunded_so_far_minor = 0;  // this one included
};

struct CancelEntry {
  absl::string_view customer_id;
  absl::string_view purchase_id;
  EventPlace cancelled;
};

absl::Status AppendCustomers(sql::Tx& tx, absl::Span<const CustomerEntry> customers);

// Keeps from when to when each customer was deleted. An entry that is not behind the last one of
// its customer, by feed_seq, is skipped: an export may have told of what came after it. One
// statement after the other, since what an entry does depends on those before; such events are few.
// INTERNAL when a customer is unknown: the feed names it first, so this is a defect.
absl::Status UpdateCustomerStates(sql::Tx& tx, absl::Span<const CustomerStateEntry> states);

absl::Status AppendOrders(sql::Tx& tx, absl::Span<const OrderEntry> orders);

// INTERNAL when an order is unknown: the feed tells of the purchase first, so this is a defect, and
// going on would leave the log wrong for ever.
absl::Status AppendRefunds(sql::Tx& tx, absl::Span<const RefundEntry> refunds);

// INTERNAL as AppendRefunds.
absl::Status CancelOrders(sql::Tx& tx, absl::Span<const CancelEntry> cancels);

// The currencies of all orders, or of those of `source_system` when it is not empty; ascending.
absl::StatusOr<std::vector<std::string>> ListOrderCurrencies(sql::Tx& tx,
                                                             absl::string_view source_system);

// How many customers bought.
struct BuyerCounts {
  int64_t customer_count = 0;
  int64_t bought_count = 0;             // at least one order
  int64_t bought_repeatedly_count = 0;  // at least min_orders
};

struct BuyerCountQuery {
  absl::Time as_of;
  absl::string_view source_system;  // only its orders; empty = all
  int64_t min_orders = 2;
};

// Counts over customers that are not deleted and orders that are not cancelled as of then. Reads
// the whole order log.
absl::StatusOr<BuyerCounts> CountBuyers(sql::Tx& tx, const BuyerCountQuery& query);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_ORDER_LOG_STORE_H_
