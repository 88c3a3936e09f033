#include "cli/commands/purchase_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/commands/command.h"
#include "common/money/currency.h"
#include "common/money/decimal.h"
#include "common/money/money.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::profile::v1;

std::string Amount(int64_t amount_minor, const std::string& currency_code) {
  const auto currency = CurrencyCode::Parse(currency_code);
  return currency.ok() ? FormatMinorUnitsGrouped(amount_minor, *currency)
                       : absl::StrCat(amount_minor);
}

// Micros as major units, with two to six decimals.
std::string UnitPrice(int64_t micros) {
  std::string text =
      absl::StrFormat("%d.%06d", micros / kMicrosPerMajorUnit, micros % kMicrosPerMajorUnit);
  const size_t decimals_min = text.find('.') + 3;
  while (text.size() > decimals_min && text.back() == '0') {
    text.pop_back();
  }
  return text;
}

std::string LinesText(const pb::Purchase& purchase) {
  Table table;
  table.Column("line", Align::kRight).Column("sku").Column("category");
  table.Column("quantity", Align::kRight).Column("unit price", Align::kRight);
  table.Column("gross", Align::kRight).Column("came back", Align::kRight);
  for (const pb::PurchaseLine& line : purchase.lines()) {
    table.Row({absl::StrCat(line.line_number()), line.sku(), line.category(),
               WithSeparators(line.quantity()), UnitPrice(line.unit_price_micros()),
               Amount(line.gross_minor(), purchase.currency_code()),
               line.refunded_quantity() == 0 ? "" : WithSeparators(line.refunded_quantity())});
  }
  return table.ToString();
}

std::string RefundsText(const pb::Purchase& purchase) {
  if (purchase.refunds().empty()) {
    return "";
  }
  Table table;
  table.Column("refund").Column("occur time").Column("lines");
  table.Column("amount", Align::kRight).Column("reason");
  for (const pb::Refund& refund : purchase.refunds()) {
    std::string lines;
    for (const pb::RefundLine& line : refund.lines()) {
      absl::StrAppend(&lines, lines.empty() ? "" : ", ", line.quantity(), " of line ",
                      line.line_number());
    }
    table.Row({refund.refund_number(), TimeText(refund.occur_time()), lines,
               Amount(refund.amount_minor(), purchase.currency_code()), refund.reason()});
  }
  return absl::StrCat("\n", table.ToString());
}

}  // namespace

Table PurchaseTable() {
  Table table;
  table.Column("purchase").Column("source").Column("order").Column("occur time").Column("state");
  table.Column("currency").Column("gross", Align::kRight).Column("refunded", Align::kRight);
  return table;
}

void AddPurchaseRow(const pb::Purchase& purchase, Table& table) {
  table.Row({purchase.purchase_id(), purchase.source_system(), purchase.order_number(),
             TimeText(purchase.occur_time()),
             EnumWord(*pb::PurchaseState_descriptor(), purchase.state()), purchase.currency_code(),
             Amount(purchase.gross().minor_units(), purchase.currency_code()),
             Amount(purchase.refunded().minor_units(), purchase.currency_code())});
}

void PrintPurchase(const pb::Purchase& purchase, const Environment& environment) {
  if (environment.json) {
    environment.PrintMessage(purchase);
    return;
  }
  Table table = PurchaseTable();
  AddPurchaseRow(purchase, table);
  environment.Print(
      absl::StrCat(table.ToString(), "\n", LinesText(purchase), RefundsText(purchase)));
}

}  // namespace clientele::cli
