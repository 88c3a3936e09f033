#include "cli/import/cdnow_format.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "cli/import/dated_orders.h"
#include "cli/import/row_fields.h"
#include "cli/import/text.h"
#include "cli/import/time_text.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

enum Field : size_t { kMasterId, kSampleId, kDate, kCds, kDollars, kFieldCount };

constexpr int64_t kCentMicros = 10'000;

// A unit price is off by at most half a millionth; below this many units the line is off by less
// than half a cent, so that it rounds to the dollars of the file.
constexpr int64_t kCdsMax = 9'999;

// The price of one of `cds` that cost `dollars_micros` (not negative), rounded half up.
int64_t UnitPriceMicros(int64_t dollars_micros, int64_t cds) {
  const int64_t remainder = dollars_micros % cds;
  return dollars_micros / cds + (remainder >= cds - remainder ? 1 : 0);
}

std::optional<Rejection> ReadAmounts(absl::string_view cds, absl::string_view dollars,
                                     SaleRow* row) {
  int64_t dollars_micros = 0;
  if (auto rejection = ReadQuantity(cds, &row->quantity)) return rejection;
  if (auto rejection = ReadPriceNotNegative(dollars, &dollars_micros)) return rejection;
  if (row->quantity <= 0) {
    return Rejection{RejectReason::kNonPositiveQuantity, "the number of CDs is not above zero"};
  }
  if (row->quantity > kCdsMax) {
    return Rejection{RejectReason::kInvalidQuantity, "the number of CDs is above 9,999"};
  }
  if (dollars_micros % kCentMicros != 0) {
    return Rejection{RejectReason::kInvalidPrice, "the dollars have more than two decimals"};
  }
  row->unit_price_micros = UnitPriceMicros(dollars_micros, row->quantity);
  return std::nullopt;
}

std::optional<Rejection> AddRow(const PhysicalLine& line, DatedOrders& numbers,
                                PurchaseCollector& collector) {
  if (line.too_long) {
    return Rejection{RejectReason::kLineTooLong, "the line is longer than 1 MiB"};
  }
  if (!IsUtf8(line.text)) {
    return Rejection{RejectReason::kInvalidUtf8, "the row is not UTF-8"};
  }
  const std::vector<absl::string_view> fields =
      absl::StrSplit(line.text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (fields.size() != kFieldCount) {
    return Rejection{RejectReason::kMalformedRow, "the row has not five fields"};
  }
  const std::optional<absl::Time> occur_time = ParseCompactDate(fields[kDate]);
  if (!occur_time.has_value()) {
    return Rejection{RejectReason::kInvalidTime, "the date is not a date like 19970101"};
  }
  std::string order_number;
  if (auto rejection = numbers.NextNumber(fields[kMasterId], *occur_time, &order_number)) {
    return rejection;
  }
  SaleRow row;
  row.line_number = line.number;
  row.order_number = order_number;
  row.customer_key = fields[kMasterId];
  row.occur_time = *occur_time;
  row.currency_code = collector.default_currency();
  row.sku = "cd";
  if (auto rejection = ReadAmounts(fields[kCds], fields[kDollars], &row)) return rejection;
  return collector.AddSale(row, nullptr);
}

}  // namespace

absl::Status CdnowFormat::Read(InputFile& file, PurchaseCollector& collector) const {
  DatedOrders numbers(collector);
  for (;;) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::optional<PhysicalLine> line, file.NextLine());
    if (!line.has_value()) return absl::OkStatus();
    const bool blank = line->text.find_first_not_of(" \t") == absl::string_view::npos;
    if (blank && !line->too_long) continue;
    CLIENTELE_RETURN_IF_ERROR(collector.tally().CountRow());
    if (const auto rejection = AddRow(*line, numbers, collector)) {
      collector.tally().Reject(line->number, *rejection);
    }
  }
}

}  // namespace clientele::cli
