#include <map>

#include "absl/strings/str_cat.h"
#include "services/segmentation/store/segmentation_store_contract.h"

namespace clientele::segmentation {
namespace {

std::string PurchaseId(int number) {
  std::string id(16, '\0');
  id[15] = static_cast<char>(number);
  return id;
}

// The inverse of Day.
std::string NumberOf(absl::Time time) {
  return absl::StrCat(absl::ToInt64Hours(time - Day(1)) / 24 + 1);
}

}  // namespace

absl::Time Day(int day) {
  return absl::FromCivil(absl::CivilDay(2011, 1, 1) + (day - 1), absl::UTCTimeZone()) +
         absl::Hours(12);
}

feed::Positions All(int64_t position) {
  feed::Positions positions;
  positions.fill(position);
  return positions;
}

void SegmentationStoreContract::AddCustomer(const std::string& customer_id, EventPlace created) {
  const std::vector<CustomerEntry> customers = {{customer_id, created}};
  Commit([&](sql::Tx& tx) { return AppendCustomers(tx, customers); });
}

void SegmentationStoreContract::AddOrder(const std::string& customer_id, int number,
                                         int64_t gross_minor, EventPlace recorded,
                                         const std::string& currency_code,
                                         const std::string& source_system) {
  const std::string purchase_id = PurchaseId(number);
  const std::vector<OrderEntry> orders = {{.customer_id = customer_id,
                                           .purchase_id = purchase_id,
                                           .recorded = recorded,
                                           .gross_minor = gross_minor,
                                           .currency_code = currency_code,
                                           .source_system = source_system,
                                           .channel = "web"}};
  Commit([&](sql::Tx& tx) { return AppendOrders(tx, orders); });
}

absl::Status SegmentationStoreContract::Refund(const std::string& customer_id, int number,
                                               const std::string& refund_number,
                                               int64_t amount_minor, EventPlace refunded) {
  const std::string purchase_id = PurchaseId(number);
  const std::vector<RefundEntry> refunds = {{.customer_id = customer_id,
                                             .purchase_id = purchase_id,
                                             .refund_number = refund_number,
                                             .refunded = refunded,
                                             .amount_minor = amount_minor,
                                             .refunded_so_far_minor = amount_minor}};
  return database().RunInTransaction({}, [&](sql::Tx& tx) { return AppendRefunds(tx, refunds); });
}

absl::Status SegmentationStoreContract::Cancel(const std::string& customer_id, int number,
                                               EventPlace cancelled) {
  const std::string purchase_id = PurchaseId(number);
  const std::vector<CancelEntry> cancels = {{customer_id, purchase_id, cancelled}};
  return database().RunInTransaction({}, [&](sql::Tx& tx) { return CancelOrders(tx, cancels); });
}

absl::Status SegmentationStoreContract::Delete(const std::string& customer_id, EventPlace changed) {
  const std::vector<CustomerStateEntry> states = {{customer_id, changed.position, changed, true}};
  return database().RunInTransaction({},
                                     [&](sql::Tx& tx) { return UpdateCustomerStates(tx, states); });
}

absl::Status SegmentationStoreContract::Update(const std::string& customer_id, EventPlace changed) {
  const std::vector<CustomerStateEntry> states = {{customer_id, changed.position, changed, false}};
  return database().RunInTransaction({},
                                     [&](sql::Tx& tx) { return UpdateCustomerStates(tx, states); });
}

std::vector<std::string> SegmentationStoreContract::Scan(OrderQuery query) {
  query.last_customer_id = query.last_customer_id.empty() ? "z" : query.last_customer_id;
  std::vector<std::string> seen;
  OrderPage page;
  while (!page.at_end) {
    Commit([&](sql::Tx& tx) { return ReadOrders(tx, query, page); });
    for (size_t c = 0; c < page.customer_count; ++c) {
      const size_t end =
          c + 1 < page.customer_count ? page.customers[c + 1].order_begin : page.orders.size();
      for (size_t i = page.customers[c].order_begin; i < end; ++i) {
        const ScannedOrder& order = page.orders[i];
        seen.push_back(absl::StrCat(page.customers[c].customer_id, ": ", order.net_minor, " ",
                                    page.currencies.NameOf(order.currency), " ",
                                    page.source_systems.NameOf(order.source_system)));
      }
    }
  }
  return seen;
}

std::vector<std::string> SegmentationStoreContract::Customers(const feed::Positions& positions,
                                                              int64_t limit) {
  std::map<std::string, std::string> seen;
  std::string last;
  int64_t row_count = limit;
  while (row_count == limit) {
    const std::string after = last;
    row_count = Value([&](sql::Tx& tx) {
      return ReadCustomers(tx, positions, after, limit, last, [&](const CustomerRow& customer) {
        seen.emplace(customer.customer_id, customer.customer_id);
      });
    });
    Commit([&](sql::Tx& tx) {
      return ReadDeletions(tx, positions, {after, last}, [&](const DeletionRow& deletion) {
        absl::StrAppend(&seen.at(std::string(deletion.customer_id)), " deleted ",
                        NumberOf(deletion.delete_time), "-",
                        deletion.undelete_time ? NumberOf(*deletion.undelete_time) : "");
      });
    });
  }
  std::vector<std::string> customers;
  for (const auto& [customer_id, text] : seen) {
    customers.push_back(text);
  }
  return customers;
}

RunNo SegmentationStoreContract::AddRun(const std::string& run_id) {
  return Value([&](sql::Tx& tx) {
    return InsertRun(tx, {.run_id = run_id,
                          .model_id = "m-1",
                          .model_version = 2,
                          .spec_bytes = "spec",
                          .as_of = absl::CivilDay(2011, 12, 10),
                          .as_of_time = Day(344),
                          .forced = true,
                          .create_time = Day(350)});
  });
}

RunRecord SegmentationStoreContract::Run(const std::string& run_id) {
  return Value([&](sql::Tx& tx) { return FindRun(tx, run_id); }).value();
}

}  // namespace clientele::segmentation
