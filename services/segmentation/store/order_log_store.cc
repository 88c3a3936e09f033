#include "services/segmentation/store/order_log_store.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/segmentation/store/sql_order_log.h"

namespace clientele::segmentation {
namespace {

using Batch = std::vector<std::vector<sql::Param>>;

sql::Param NullIfEmpty(absl::string_view text) {
  return text.empty() ? sql::Param(sql::kNull) : sql::Param(text);
}

int64_t Micros(absl::Time time) { return absl::ToUnixMicros(time); }

// Runs an update that must find every row it names.
absl::Status ChangeKnownRows(sql::Tx& tx, const sql::Statement& statement, const Batch& batch) {
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t changed, tx.ExecuteBatch(statement, batch));
  if (changed != static_cast<int64_t>(batch.size())) {
    return absl::InternalError(absl::StrCat(statement.name, ": the feed names ",
                                            batch.size() - changed, " rows that do not exist"));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> ReadStateFeedSeq(sql::Tx& tx, absl::string_view customer_id) {
  std::optional<int64_t> feed_seq;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectStateFeedSeq, {customer_id}, [&](const sql::Row& row) {
    feed_seq = row.Int64(0);
    return absl::OkStatus();
  }));
  if (!feed_seq.has_value()) {
    return absl::InternalError("the feed changes a customer that it has not named");
  }
  return *feed_seq;
}

// A customer's orders come in a handful of currencies, so this is a few rows a batch.
absl::Status AppendCurrencies(sql::Tx& tx, absl::Span<const OrderEntry> orders) {
  std::set<std::pair<absl::string_view, absl::string_view>> currencies;
  for (const OrderEntry& order : orders) {
    currencies.emplace(order.source_system, order.currency_code);
  }
  Batch batch;
  for (const auto& [source_system, currency_code] : currencies) {
    batch.push_back({source_system, currency_code});
  }
  return tx.ExecuteBatch(kInsertOrderCurrency, batch).status();
}

}  // namespace

absl::Status AppendCustomers(sql::Tx& tx, absl::Span<const CustomerEntry> customers) {
  Batch batch;
  batch.reserve(customers.size());
  for (const CustomerEntry& customer : customers) {
    batch.push_back(
        {customer.customer_id, customer.created.position, Micros(customer.created.occur_time)});
  }
  return tx.ExecuteBatch(kInsertCustomerState, batch).status();
}

absl::Status UpdateCustomerStates(sql::Tx& tx, absl::Span<const CustomerStateEntry> states) {
  for (const CustomerStateEntry& state : states) {
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t feed_seq, ReadStateFeedSeq(tx, state.customer_id));
    if (state.feed_seq <= feed_seq) {
      continue;
    }
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kUpdateStateFeedSeq, {state.customer_id, state.feed_seq}).status());
    const sql::Statement& change = state.deleted ? kInsertCustomerDeletion : kEndCustomerDeletion;
    CLIENTELE_RETURN_IF_ERROR(tx.Execute(change, {state.customer_id, state.changed.position,
                                                  Micros(state.changed.occur_time)})
                                  .status());
  }
  return absl::OkStatus();
}

absl::Status AppendOrders(sql::Tx& tx, absl::Span<const OrderEntry> orders) {
  Batch batch;
  batch.reserve(orders.size());
  for (const OrderEntry& order : orders) {
    batch.push_back({order.customer_id, sql::Bytes{order.purchase_id},
                     Micros(order.recorded.occur_time), order.gross_minor, order.recorded.position,
                     order.currency_code, order.source_system, NullIfEmpty(order.channel),
                     NullIfEmpty(order.store), NullIfEmpty(order.region)});
  }
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertOrder, batch).status());
  return AppendCurrencies(tx, orders);
}

absl::Status AppendRefunds(sql::Tx& tx, absl::Span<const RefundEntry> refunds) {
  Batch totals;
  Batch rows;
  totals.reserve(refunds.size());
  rows.reserve(refunds.size());
  for (const RefundEntry& refund : refunds) {
    const sql::Bytes purchase_id{refund.purchase_id};
    totals.push_back({refund.customer_id, purchase_id, refund.refunded_so_far_minor});
    rows.push_back({refund.customer_id, purchase_id, refund.refund_number,
                    Micros(refund.refunded.occur_time), refund.amount_minor,
                    refund.refunded.position});
  }
  CLIENTELE_RETURN_IF_ERROR(ChangeKnownRows(tx, kUpdateOrderRefunded, totals));
  return tx.ExecuteBatch(kInsertOrderRefund, rows).status();
}

absl::Status CancelOrders(sql::Tx& tx, absl::Span<const CancelEntry> cancels) {
  Batch batch;
  batch.reserve(cancels.size());
  for (const CancelEntry& cancel : cancels) {
    batch.push_back({cancel.customer_id, sql::Bytes{cancel.purchase_id},
                     Micros(cancel.cancelled.occur_time), cancel.cancelled.position});
  }
  return ChangeKnownRows(tx, kCancelOrder, batch);
}

absl::StatusOr<std::vector<std::string>> ListOrderCurrencies(sql::Tx& tx,
                                                             absl::string_view source_system) {
  std::vector<std::string> currencies;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectOrderCurrencies, {source_system}, [&currencies](const sql::Row& row) {
        currencies.emplace_back(row.Text(0));
        return absl::OkStatus();
      }));
  return currencies;
}

absl::StatusOr<BuyerCounts> CountBuyers(sql::Tx& tx, const BuyerCountQuery& query) {
  BuyerCounts counts;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kCountBuyers,
                                     {Micros(query.as_of), query.source_system, query.min_orders},
                                     [&counts](const sql::Row& row) {
                                       counts = {row.Int64(0), row.Int64(1), row.Int64(2)};
                                       return absl::OkStatus();
                                     }));
  return counts;
}

}  // namespace clientele::segmentation
