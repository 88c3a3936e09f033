#include "cli/import/online_retail_format.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/import/csv_table.h"
#include "cli/import/refund_matcher.h"
#include "cli/import/row_fields.h"
#include "cli/import/text.h"
#include "cli/import/time_text.h"

namespace clientele::cli {
namespace {

enum Column : size_t {
  kInvoiceNo,
  kStockCode,
  kQuantity,
  kInvoiceDate,
  kUnitPrice,
  kCustomerId,
  kCountry
};
constexpr CsvColumn kColumns[] = {
    {"InvoiceNo"}, {"StockCode"},  {"Quantity"}, {"InvoiceDate"},
    {"UnitPrice"}, {"CustomerID"}, {"Country"},
};

// A customer without any sale so far; no sale has this index, so nothing matches.
constexpr int32_t kNoCustomer = -1;

// Reads the rows, then matches the cancellations once every sale is known.
class OnlineRetailRows {
 public:
  explicit OnlineRetailRows(PurchaseCollector& collector) : collector_(collector) {}

  std::optional<Rejection> Add(const CsvRow& csv);
  void MatchCancellations();

 private:
  struct Cancellation {
    size_t event = 0;  // in events_
    ImportedRefund refund;
  };

  std::optional<Rejection> AddSale(const SaleRow& row);
  std::optional<Rejection> AddCancellation(const SaleRow& row);

  PurchaseCollector& collector_;
  std::vector<RefundEvent> events_;      // every accepted row
  std::vector<SalePosition> positions_;  // where each event's sale went; unset for cancellations
  std::vector<Cancellation> cancellations_;
};

std::optional<Rejection> OnlineRetailRows::Add(const CsvRow& csv) {
  // 1. The reasons that come first.
  if (csv[kCustomerId].empty()) {
    return Rejection{RejectReason::kMissingCustomer, "CustomerID is empty"};
  }
  SaleRow row;
  if (auto rejection = ReadPrice(csv[kUnitPrice], &row.unit_price_micros)) return rejection;
  if (row.unit_price_micros <= 0) {
    return Rejection{RejectReason::kNonPositivePrice, "UnitPrice is not above zero"};
  }
  // 2. The rest of the row.
  if (auto rejection = ReadQuantity(csv[kQuantity], &row.quantity)) return rejection;
  const std::optional<absl::Time> occur_time = ParseCivilTime(csv[kInvoiceDate]);
  if (!occur_time.has_value()) {
    return Rejection{RejectReason::kInvalidTime,
                     "InvoiceDate is not a time like 2010-12-01 08:26:00"};
  }
  row.line_number = csv.line_number();
  row.order_number = csv[kInvoiceNo];
  row.customer_key = csv[kCustomerId];
  row.occur_time = *occur_time;
  row.currency_code = collector_.default_currency();
  row.region = csv[kCountry];
  row.sku = csv[kStockCode];
  return row.quantity < 0 ? AddCancellation(row) : AddSale(row);
}

std::optional<Rejection> OnlineRetailRows::AddSale(const SaleRow& row) {
  if (absl::StartsWith(row.order_number, "C")) {
    return Rejection{RejectReason::kInvalidQuantity, "a cancellation needs a negative quantity"};
  }
  SalePosition position;
  if (auto rejection = collector_.AddSale(row, &position)) return rejection;
  const ImportedLine& line = collector_.line(position);
  events_.push_back({{position.customer_index, line.sku, line.unit_price_micros}, line.quantity});
  positions_.push_back(position);
  return std::nullopt;
}

std::optional<Rejection> OnlineRetailRows::AddCancellation(const SaleRow& row) {
  const CustomerTable::Lookup customer = collector_.customers().Find(row.customer_key);
  if (customer.rejection.has_value()) return customer.rejection;
  Cancellation cancellation;
  ImportedRefund& refund = cancellation.refund;
  std::string buffers[2];
  const std::string written_number = absl::StrCat(row.order_number, "-", row.line_number);
  const auto number = NormalizeText(written_number, buffers[0]);
  const auto sku = NormalizeText(row.sku, buffers[1]);
  if (!number.has_value() || !sku.has_value()) {
    return Rejection{RejectReason::kInvalidText,
                     "a text has over 100 characters or control characters"};
  }
  refund.refund_number = std::string(*number);
  refund.quantity = -row.quantity;
  refund.unit_price_micros = row.unit_price_micros;
  refund.occur_time = row.occur_time;
  refund.line_number = row.line_number;
  cancellation.event = events_.size();
  cancellations_.push_back(std::move(cancellation));
  events_.push_back(
      {{customer.index.value_or(kNoCustomer), collector_.Intern(*sku), row.unit_price_micros},
       row.quantity});
  positions_.emplace_back();
  return std::nullopt;
}

void OnlineRetailRows::MatchCancellations() {
  const std::vector<int32_t> sale_of = MatchRefunds(events_);
  for (Cancellation& cancellation : cancellations_) {
    const int32_t sale = sale_of[cancellation.event];
    if (sale == kNoSale) {
      collector_.tally().Reject(
          cancellation.refund.line_number,
          {RejectReason::kUnmatchedRefund,
           "no earlier sale of customer, SKU and price has enough units left"});
      continue;
    }
    cancellation.refund.order_index = positions_[sale].order_index;
    cancellation.refund.order_line_number = collector_.line(positions_[sale]).line_number;
    collector_.AddRefund(std::move(cancellation.refund));
  }
}

}  // namespace

absl::Status OnlineRetailFormat::Read(InputFile& file, PurchaseCollector& collector) const {
  OnlineRetailRows rows(collector);
  const absl::Status status =
      ReadCsvTable(file, ToString(PurchaseFormat::kOnlineRetail), kColumns, UnknownColumns::kIgnore,
                   collector.tally(), [&](const CsvRow& row) { return rows.Add(row); });
  if (!status.ok()) return status;
  rows.MatchCancellations();
  collector.customers().AddIntegerAliases();
  return absl::OkStatus();
}

}  // namespace clientele::cli
