#include "cli/import/rfm_orders_format.h"

#include <string>

#include "cli/import/csv_table.h"
#include "cli/import/dated_orders.h"
#include "cli/import/row_fields.h"
#include "cli/import/time_text.h"

namespace clientele::cli {
namespace {

enum Column : size_t { kCustomerId, kOrderDate, kRevenue };
constexpr CsvColumn kColumns[] = {{"customer_id"}, {"order_date"}, {"revenue"}};

std::optional<Rejection> AddRow(const CsvRow& csv, DatedOrders& numbers,
                                PurchaseCollector& collector) {
  const std::optional<absl::Time> occur_time = ParseTimeText(csv[kOrderDate]);
  if (!occur_time.has_value()) {
    return Rejection{RejectReason::kInvalidTime, "order_date is not a date like 2004-12-20"};
  }
  std::string order_number;
  if (auto rejection = numbers.NextNumber(csv[kCustomerId], *occur_time, &order_number)) {
    return rejection;
  }
  SaleRow row;
  row.line_number = csv.line_number();
  row.order_number = order_number;
  row.customer_key = csv[kCustomerId];
  row.occur_time = *occur_time;
  row.currency_code = collector.default_currency();
  row.sku = "order";
  row.quantity = 1;
  if (auto rejection = ReadPriceNotNegative(csv[kRevenue], &row.unit_price_micros)) {
    return rejection;
  }
  return collector.AddSale(row, nullptr);
}

}  // namespace

absl::Status RfmOrdersFormat::Read(InputFile& file, PurchaseCollector& collector) const {
  DatedOrders numbers(collector);
  return ReadCsvTable(file, ToString(PurchaseFormat::kRfmOrders), kColumns, UnknownColumns::kIgnore,
                      collector.tally(),
                      [&](const CsvRow& row) { return AddRow(row, numbers, collector); });
}

}  // namespace clientele::cli
