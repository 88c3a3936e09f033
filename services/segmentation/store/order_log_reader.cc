#include "services/segmentation/store/order_log_reader.h"

#include <algorithm>
#include <utility>

#include "common/ids/stable_hash.h"
#include "common/status/macros.h"
#include "services/segmentation/store/sql_order_log.h"

namespace clientele::segmentation {
namespace {

// Where an order of the page that was refunded stands, so that its refunds find it. Pages hold few
// of them beside their orders.
struct RefundedOrder {
  std::string customer_id;
  std::string purchase_id;
  size_t order = 0;
};

// Takes the rows of one page.
class PageFiller {
 public:
  PageFiller(const OrderQuery& query, OrderPage& page)
      : query_(query), page_(page), changes_end_us_(absl::ToUnixMicros(query.changes_end)) {
    page_.customer_count = 0;
    page_.orders.clear();
  }

  absl::Status Take(const sql::Row& row) {
    ++row_count_;
    NoteCustomer(row.Text(0));
    if (query_.with_changes || row_count_ == query_.page_rows) {
      // Only the last row's is asked for again: to find refunds, and where the next page begins.
      const absl::string_view purchase_id = row.Blob(1);
      last_purchase_id_.assign(purchase_id.data(), purchase_id.size());
    }
    if (row.Int64(4) > position_max_) {
      return absl::OkStatus();
    }
    if (!customer_listed_) {
      ListCustomer();
    }
    ScannedOrder& order = page_.orders.emplace_back();
    order.occur_time_us = row.Int64(2);
    order.gross_minor = row.Int64(3);
    order.net_minor = order.gross_minor;
    order.currency = page_.currencies.NumberOf(row.Text(5));
    order.source_system = page_.source_systems.NumberOf(row.Text(6));
    if (query_.with_changes) {
      TakeChanges(row, order);
    }
    return absl::OkStatus();
  }

  // Subtracts the refunds; both sides come in key order.
  absl::Status SubtractRefunds(sql::Tx& tx) {
    if (refunded_.empty()) {
      return absl::OkStatus();
    }
    size_t next = 0;
    return tx.Query(kSelectRefundPage,
                    {page_.after_customer_id, sql::Bytes{page_.after_purchase_id},
                     last_customer_id_, sql::Bytes{last_purchase_id_}, changes_end_us_},
                    [&](const sql::Row& row) {
                      while (next < refunded_.size() && IsBefore(refunded_[next], row)) {
                        ++next;
                      }
                      if (next < refunded_.size() && IsOf(refunded_[next], row)) {
                        Subtract(row, refunded_[next]);
                      }
                      return absl::OkStatus();
                    });
  }

  // Sets where the next page begins.
  void Finish() {
    page_.at_end = row_count_ < query_.page_rows;
    if (row_count_ > 0) {
      page_.after_customer_id = last_customer_id_;
      page_.after_purchase_id = last_purchase_id_;
    }
  }

 private:
  void NoteCustomer(absl::string_view customer_id) {
    if (row_count_ > 1 && last_customer_id_ == customer_id) {
      return;
    }
    last_customer_id_.assign(customer_id.data(), customer_id.size());
    customer_listed_ = false;
    position_max_ = query_.positions[PartitionOf(customer_id)];
  }

  // At its first visible order, so that a customer newer than the positions does not show.
  void ListCustomer() {
    if (page_.customers.size() == page_.customer_count) {
      page_.customers.emplace_back();
    }
    ScannedCustomer& customer = page_.customers[page_.customer_count++];
    customer.customer_id = last_customer_id_;
    customer.order_begin = page_.orders.size();
    customer_listed_ = true;
  }

  void TakeChanges(const sql::Row& row, ScannedOrder& order) {
    if (!row.IsNull(8) && row.Int64(8) < changes_end_us_ && row.Int64(9) <= position_max_) {
      order.net_minor = 0;
    } else if (row.Int64(7) > 0) {
      refunded_.push_back({std::string(row.Text(0)), last_purchase_id_, page_.orders.size() - 1});
    }
  }

  static std::pair<absl::string_view, absl::string_view> KeyOf(const RefundedOrder& order) {
    return {order.customer_id, order.purchase_id};
  }
  static std::pair<absl::string_view, absl::string_view> KeyOf(const sql::Row& row) {
    return {row.Text(0), row.Blob(1)};
  }
  static bool IsBefore(const RefundedOrder& order, const sql::Row& row) {
    return KeyOf(order) < KeyOf(row);
  }
  static bool IsOf(const RefundedOrder& order, const sql::Row& row) {
    return KeyOf(order) == KeyOf(row);
  }

  void Subtract(const sql::Row& row, const RefundedOrder& refunded) {
    if (row.Int64(3) <= query_.positions[PartitionOf(refunded.customer_id)]) {
      page_.orders[refunded.order].net_minor -= row.Int64(2);
    }
  }

  const OrderQuery& query_;
  OrderPage& page_;
  const int64_t changes_end_us_;
  int64_t position_max_ = 0;      // of the customer under way
  bool customer_listed_ = false;  // whether the page has that customer
  int64_t row_count_ = 0;
  std::string last_customer_id_;
  std::string last_purchase_id_;
  std::vector<RefundedOrder> refunded_;
};

}  // namespace

absl::StatusOr<int64_t> ReadCustomers(sql::Tx& tx, const feed::Positions& positions,
                                      absl::string_view after_customer_id, int64_t limit,
                                      std::string& last_customer_id,
                                      absl::FunctionRef<void(const CustomerRow&)> on_customer) {
  int64_t row_count = 0;
  const std::string after(after_customer_id);
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectCustomerPage, {after, limit}, [&](const sql::Row& row) {
    ++row_count;
    const absl::string_view customer_id = row.Text(0);
    last_customer_id.assign(customer_id.data(), customer_id.size());
    const int64_t position_max = positions[PartitionOf(customer_id)];
    if (row.Int64(1) > position_max) {
      return absl::OkStatus();
    }
    on_customer({customer_id, absl::FromUnixMicros(row.Int64(2))});
    return absl::OkStatus();
  }));
  return row_count;
}

absl::Status ReadDeletions(sql::Tx& tx, const feed::Positions& positions,
                           const CustomerRange& range,
                           absl::FunctionRef<void(const DeletionRow&)> on_deletion) {
  const auto take = [&](const sql::Row& row) {
    const absl::string_view customer_id = row.Text(0);
    const int64_t position_max = positions[PartitionOf(customer_id)];
    if (row.Int64(1) > position_max) {
      return absl::OkStatus();
    }
    DeletionRow deletion{customer_id, absl::FromUnixMicros(row.Int64(2)), std::nullopt};
    if (!row.IsNull(3) && row.Int64(3) <= position_max) {
      deletion.undelete_time = absl::FromUnixMicros(row.Int64(4));
    }
    on_deletion(deletion);
    return absl::OkStatus();
  };
  return tx.Query(kSelectCustomerDeletions, {range.after_customer_id, range.last_customer_id},
                  take);
}

uint32_t NameTable::NumberOf(absl::string_view name) {
  if (last_ < names_.size() && names_[last_] == name) {
    return last_;
  }
  const auto [found, added] =
      numbers_.try_emplace(std::string(name), static_cast<uint32_t>(names_.size()));
  if (added) {
    names_.emplace_back(name);
  }
  last_ = found->second;
  return last_;
}

absl::Status ReadOrders(sql::Tx& tx, const OrderQuery& query, OrderPage& page) {
  PageFiller filler(query, page);
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(query.with_changes ? kSelectChangedOrderPage : kSelectOrderPage,
               {page.after_customer_id, sql::Bytes{page.after_purchase_id}, query.last_customer_id,
                query.page_rows},
               [&filler](const sql::Row& row) { return filler.Take(row); }));
  CLIENTELE_RETURN_IF_ERROR(filler.SubtractRefunds(tx));
  filler.Finish();
  return absl::OkStatus();
}

}  // namespace clientele::segmentation
