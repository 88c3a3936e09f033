// The writing side of purchase_store.h.

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/sealing/sealed_column.h"
#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "services/profile/domain/errors.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/places.h"
#include "services/profile/store/purchase_store.h"
#include "services/profile/store/sql_purchase.h"

namespace clientele::profile {
namespace {

using Rows = std::vector<std::vector<sql::Param>>;

std::vector<sql::Param> PurchaseParams(const PurchaseHeader& header,
                                       absl::string_view currency_code) {
  return {header.customer_id.value(),
          header.id.value(),
          header.source_system,
          header.order_number,
          sql::TimeParam(header.occur_time),
          sql::TimeParam(header.record_time),
          currency_code,
          header.channel,
          header.store,
          header.region,
          static_cast<int64_t>(header.state),
          header.gross_minor,
          header.refunded_minor,
          header.unit_count,
          header.refunded_unit_count,
          int64_t{header.line_count},
          int64_t{header.refund_count},
          header.version,
          sql::OptionalTimeParam(header.cancel_time),
          header.feed_seq,
          header.cancel_feed_seq,
          sql::OptionalTimeParam(header.cancel_record_time)};
}

// Rows of purchases, and the texts that they refer to.
class PurchaseRows {
 public:
  explicit PurchaseRows(size_t count) {
    currency_codes_.reserve(count);  // the rows hold views into it
    rows_.reserve(count);
  }

  // `count` of them at most; `header` outlives it.
  void Add(const PurchaseHeader& header) {
    currency_codes_.push_back(header.currency.ToString());
    rows_.push_back(PurchaseParams(header, currency_codes_.back()));
  }

  const Rows& rows() const { return rows_; }

 private:
  std::vector<std::string> currency_codes_;
  Rows rows_;
};

size_t CountLines(absl::Span<const Purchase> purchases) {
  size_t count = 0;
  for (const Purchase& purchase : purchases) count += purchase.lines.size();
  return count;
}

std::vector<sql::Param> LineParams(const CustomerId& customer_id, const PurchaseId& purchase_id,
                                   const PurchaseLine& line) {
  return {customer_id.value(),   purchase_id.value(), int64_t{line.line_number}, line.sku,
          line.category,         line.quantity,       line.unit_price_micros,    line.gross_minor,
          line.refunded_quantity};
}

// In the order of the look-up table's own key, not of the customers: batches that bring the same
// orders for different customers then wait for each other, but do not deadlock.
absl::Status SaveOrderNumbers(sql::Tx& tx, const BatchWrites& writes) {
  std::vector<const PurchaseHeader*> headers;
  headers.reserve(writes.made_purchases.size());
  for (const Purchase& purchase : writes.made_purchases) headers.push_back(&purchase.header);
  std::sort(headers.begin(), headers.end(),
            [](const PurchaseHeader* left, const PurchaseHeader* right) {
              return std::tie(left->source_system, left->order_number) <
                     std::tie(right->source_system, right->order_number);
            });
  Rows rows;
  rows.reserve(headers.size());
  for (const PurchaseHeader* header : headers) {
    rows.push_back({header->source_system, header->order_number, header->customer_id.value(),
                    sql::Bytes{header->content_hash}});
  }
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t inserted_count,
                             tx.ExecuteBatch(kInsertPurchaseByOrder, rows));
  return inserted_count == static_cast<int64_t>(rows.size()) ? absl::OkStatus()
                                                             : ConcurrentChange();
}

absl::Status SaveMadePurchases(sql::Tx& tx, const BatchWrites& writes) {
  CLIENTELE_RETURN_IF_ERROR(SaveOrderNumbers(tx, writes));
  PurchaseRows purchases(writes.made_purchases.size());
  Rows line_rows;
  line_rows.reserve(CountLines(writes.made_purchases));
  for (const Purchase& purchase : writes.made_purchases) {
    const PurchaseHeader& header = purchase.header;
    purchases.Add(header);
    for (const PurchaseLine& line : purchase.lines) {
      line_rows.push_back(LineParams(header.customer_id, header.id, line));
    }
  }
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertPurchase, purchases.rows()).status());
  return tx.ExecuteBatch(kInsertPurchaseLine, line_rows).status();
}

absl::Status SaveChangedPurchases(sql::Tx& tx, const BatchWrites& writes) {
  PurchaseRows purchases(writes.changed_purchases.size());
  for (const PurchaseHeader& header : writes.changed_purchases) purchases.Add(header);
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kChangePurchase, purchases.rows()).status());
  Rows line_rows;
  line_rows.reserve(writes.changed_lines.size());
  for (const ChangedLine& changed : writes.changed_lines) {
    line_rows.push_back(LineParams(changed.customer_id, changed.purchase_id, changed.line));
  }
  return tx.ExecuteBatch(kChangePurchaseLine, line_rows).status();
}

// The customers of refunds that say why.
std::vector<std::string> TellersOf(absl::Span<const MadeRefund> refunds) {
  std::vector<std::string> ids;
  for (const MadeRefund& made : refunds) {
    if (!made.refund.reason.empty()) ids.push_back(made.customer_id.value());
  }
  return ids;
}

absl::Status SaveRefunds(sql::Tx& tx, const sealing::Vault& vault, const BatchWrites& writes,
                         absl::Time record_time) {
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys,
                             vault.LoadOrMake(tx, TellersOf(writes.made_refunds), record_time));
  sealing::SealedParams sealed(keys);
  Rows rows;
  Rows line_rows;
  for (const MadeRefund& made : writes.made_refunds) {
    const Refund& refund = made.refund;
    CLIENTELE_ASSIGN_OR_RETURN(
        const sql::Param reason,
        sealed.Seal(RefundPlace(made.customer_id.value(),
                                RefundRow(made.purchase_id.value(), refund.refund_number)),
                    refund.reason));
    rows.push_back({made.customer_id.value(), made.purchase_id.value(), refund.refund_number,
                    int64_t{refund.ordinal}, sql::TimeParam(refund.occur_time),
                    sql::TimeParam(refund.record_time), refund.amount_minor, absl::string_view(),
                    sql::Bytes{refund.content_hash}, refund.feed_seq, reason});
    for (const RefundLine& line : refund.lines) {
      line_rows.push_back({made.customer_id.value(), made.purchase_id.value(), refund.refund_number,
                           int64_t{line.line_number}, line.quantity, line.amount_minor});
    }
  }
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertRefund, rows).status());
  return tx.ExecuteBatch(kInsertRefundLine, line_rows).status();
}

}  // namespace

absl::Status SaveBatch(sql::Tx& tx, const sealing::Vault& vault, const BatchWrites& writes,
                       absl::Time record_time) {
  std::vector<NewRoot> roots;
  for (const MadeCustomer& made : writes.made_customers) {
    roots.push_back({&made.root, made.identifiers});
  }
  CLIENTELE_RETURN_IF_ERROR(InsertRoots(tx, vault, roots, record_time));
  CLIENTELE_RETURN_IF_ERROR(UpdateRoots(tx, writes.changed_customers));
  CLIENTELE_RETURN_IF_ERROR(SaveMadePurchases(tx, writes));
  CLIENTELE_RETURN_IF_ERROR(SaveChangedPurchases(tx, writes));
  return SaveRefunds(tx, vault, writes, record_time);
}

}  // namespace clientele::profile
