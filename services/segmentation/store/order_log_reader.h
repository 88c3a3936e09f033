#ifndef SERVICES_SEGMENTATION_STORE_ORDER_LOG_READER_H_
#define SERVICES_SEGMENTATION_STORE_ORDER_LOG_READER_H_

// Reads the order log front to back in short keyset pages, as it stood at given feed positions.
//
// Pages are reused buffers: reading ten million orders allocates per page, not per order. Pure
// functions over a transaction; a page belongs to one thread.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"

namespace clientele::segmentation {

// One customer of a page.
struct CustomerRow {
  absl::string_view customer_id;  // valid until the callback returns
  absl::Time known_time;
};

// Calls `on_customer` for at most `limit` customers after `after_customer_id`, ascending, leaving
// out those created after `positions`. Answers how many rows were read and puts the last id into
// `last_customer_id`: fewer than `limit` = the end.
absl::StatusOr<int64_t> ReadCustomers(sql::Tx& tx, const feed::Positions& positions,
                                      absl::string_view after_customer_id, int64_t limit,
                                      std::string& last_customer_id,
                                      absl::FunctionRef<void(const CustomerRow&)> on_customer);

// A time in which a customer was deleted.
struct DeletionRow {
  absl::string_view customer_id;  // valid until the callback returns
  absl::Time delete_time;
  std::optional<absl::Time> undelete_time;  // unset = it still is
};

// The customers after `after_customer_id` up to and including `last_customer_id`.
struct CustomerRange {
  absl::string_view after_customer_id;
  absl::string_view last_customer_id;
};

// Calls `on_deletion` for each deletion of a customer of the range, ascending by customer, as they
// stood at `positions`.
absl::Status ReadDeletions(sql::Tx& tx, const feed::Positions& positions,
                           const CustomerRange& range,
                           absl::FunctionRef<void(const DeletionRow&)> on_deletion);

// Small numbers for texts that repeat (currencies, sources).
class NameTable {
 public:
  // The number of `name`, from 0.
  uint32_t NumberOf(absl::string_view name);
  // Valid as long as the table.
  absl::string_view NameOf(uint32_t number) const { return names_[number]; }

 private:
  std::deque<std::string> names_;  // a deque, so that a name stays where it is
  absl::flat_hash_map<std::string, uint32_t> numbers_;
  uint32_t last_ = 0;  // orders come in runs of one currency and source
};

// One order as the run sees it.
struct ScannedOrder {
  int64_t occur_time_us = 0;
  int64_t gross_minor = 0;
  int64_t net_minor = 0;       // equals gross_minor unless the query asks for changes
  uint32_t currency = 0;       // in OrderPage::currencies
  uint32_t source_system = 0;  // in OrderPage::source_systems
};

// A customer's orders within a page; a customer may go on in the next page.
struct ScannedCustomer {
  std::string customer_id;
  size_t order_begin = 0;  // in OrderPage::orders, to the next customer's or the end
};

// Where a scan stands and what it wants.
struct OrderQuery {
  feed::Positions positions{};   // orders and changes after them are left out
  std::string last_customer_id;  // up to and including this customer
  bool with_changes = false;     // net_minor less refunds and cancels before `changes_end`
  absl::Time changes_end;
  int64_t page_rows = 50'000;
};

// A page of orders by (customer_id, purchase_id), and the place where the next one begins.
struct OrderPage {
  std::string after_customer_id;  // set before the first page: the customer before the range
  std::string after_purchase_id;  // empty before the first page
  std::vector<ScannedCustomer> customers;  // the first customer_count are this page's
  size_t customer_count = 0;
  std::vector<ScannedOrder> orders;
  NameTable currencies;  // these two are kept from page to page
  NameTable source_systems;
  bool at_end = false;
};

// Reads the page after (page.after_customer_id, page.after_purchase_id) over what `page` held.
// With an empty after_purchase_id that customer's own orders are part of the page.
absl::Status ReadOrders(sql::Tx& tx, const OrderQuery& query, OrderPage& page);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_ORDER_LOG_READER_H_
