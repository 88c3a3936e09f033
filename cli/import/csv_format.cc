#include "cli/import/csv_format.h"

#include <string>

#include "cli/import/csv_table.h"
#include "cli/import/row_fields.h"
#include "cli/import/time_text.h"

namespace clientele::cli {
namespace {

enum Column : size_t {
  kOrderNumber,
  kCustomer,
  kOccurTime,
  kCurrency,
  kSku,
  kCategory,
  kQuantity,
  kUnitPrice,
  kChannel,
  kStore,
  kRegion
};
constexpr CsvColumn kColumns[] = {
    {"order_number"},
    {"customer"},
    {"occur_time"},
    {"currency"},
    {"sku"},
    {"category"},
    {"quantity", false},
    {"unit_price", false},
    {"channel", false},
    {"store", false},
    {"region", false},
};

std::optional<Rejection> ReadAmounts(const CsvRow& csv, SaleRow* row) {
  row->quantity = 1;
  if (csv.has(kQuantity)) {
    if (auto rejection = ReadQuantity(csv[kQuantity], &row->quantity)) return rejection;
  }
  if (!csv.has(kUnitPrice)) return std::nullopt;
  return ReadPriceNotNegative(csv[kUnitPrice], &row->unit_price_micros);
}

std::optional<Rejection> AddRow(const CsvRow& csv, PurchaseCollector& collector) {
  if (csv[kCustomer].empty()) {
    return Rejection{RejectReason::kMissingCustomer, "the customer is empty"};
  }
  const std::optional<absl::Time> occur_time = ParseTimeText(csv[kOccurTime]);
  if (!occur_time.has_value()) {
    return Rejection{RejectReason::kInvalidTime, "occur_time is no RFC 3339 time or date"};
  }
  SaleRow row;
  row.line_number = csv.line_number();
  row.order_number = csv[kOrderNumber];
  row.customer_key = csv[kCustomer];
  row.occur_time = *occur_time;
  row.currency_code =
      csv[kCurrency].empty() ? absl::string_view(collector.default_currency()) : csv[kCurrency];
  row.channel = csv[kChannel];
  row.store = csv[kStore];
  row.region = csv[kRegion];
  row.sku = csv[kSku];
  row.category = csv[kCategory];
  if (auto rejection = ReadAmounts(csv, &row)) return rejection;
  return collector.AddSale(row, nullptr);
}

}  // namespace

absl::Status CsvFormat::Read(InputFile& file, PurchaseCollector& collector) const {
  return ReadCsvTable(file, ToString(PurchaseFormat::kCsv), kColumns, UnknownColumns::kRefuse,
                      collector.tally(), [&](const CsvRow& row) { return AddRow(row, collector); });
}

std::string CsvFormatHelp() {
  return R"(The csv format is UTF-8 text as in RFC 4180, plain or gzip-compressed, with a header:

  order_number,customer,occur_time,currency,sku,category,quantity,unit_price,channel,store,region

The columns may stand in any order; the last five may be left out. One row is one line of an order;
rows with one order_number make one order, wherever they stand in the file.

  order_number  1 to 100 characters; one customer and one currency per order, up to 2,000 rows
  customer      the customer's id in your system; becomes <source>-<id>, lower-cased, with '-' for
                whatever is not a letter or digit
  occur_time    RFC 3339, or YYYY-MM-DD, or YYYY-MM-DD HH:MM:SS (both UTC); an order takes its
                earliest row's
  currency      ISO 4217, such as EUR; empty: --currency, or else USD
  sku           1 to 100 characters
  category      up to 100 characters; may be empty
  quantity      a whole number above zero, at most 1e9; column left out: 1
  unit_price    the price of one, from 0 to 1e9, up to six decimals; column left out: 0
  channel, store, region
                up to 100 characters each; an order takes those of its first row

  A-1001,c-17,2024-05-01T10:30:00Z,EUR,MUG-01,kitchen,2,7.95,web,,Berlin

A row that breaks these rules is not imported; it is listed with its line number and the reason.
)";
}

}  // namespace clientele::cli
