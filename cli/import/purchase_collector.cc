#include "cli/import/purchase_collector.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "cli/import/limits.h"
#include "cli/import/text.h"
#include "common/money/money.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

PurchaseFile EmptyFile(absl::string_view source) {
  PurchaseFile file;
  file.strings = std::make_unique<StringPool>();
  file.source = std::string(source);
  return file;
}

std::optional<Rejection> CheckAmount(const SaleRow& row) {
  if (row.quantity <= 0) {
    return Rejection{RejectReason::kNonPositiveQuantity, "the quantity is not above zero"};
  }
  if (row.unit_price_micros > kLineAmountMicrosMax / row.quantity) {
    return Rejection{RejectReason::kAmountTooLarge, "quantity times price is above 1e12"};
  }
  return std::nullopt;
}

}  // namespace

PurchaseCollector::PurchaseCollector(absl::string_view source, absl::string_view default_currency,
                                     std::function<void(int64_t)> on_progress)
    : source_(source),
      default_currency_(default_currency),
      tally_(std::move(on_progress)),
      file_(EmptyFile(source)),
      customers_(source, *file_.strings) {}

std::optional<Rejection> PurchaseCollector::AddSale(const SaleRow& sale, SalePosition* position) {
  // 1. Refuse what is wrong with the row alone.
  const std::optional<CurrencyCode> currency = FindCurrency(sale.currency_code);
  if (!currency.has_value()) {
    return Rejection{RejectReason::kInvalidCurrency, "ISO 4217 does not know the currency"};
  }
  SaleRow row = sale;
  if (std::optional<Rejection> rejection = CheckAmount(row)) return rejection;
  if (std::optional<Rejection> rejection = NormalizeTexts(&row)) return rejection;
  const absl::StatusOr<int64_t> gross_minor =
      LineAmountMinor(row.quantity, row.unit_price_micros, *currency);
  CLIENTELE_CHECK(gross_minor.ok());  // CheckAmount allows far less
  // 2. Find its order, or make it together with its customer.
  int32_t order_index = 0;
  if (std::optional<Rejection> rejection = FindOrder(row, *gross_minor, &order_index)) {
    return rejection;
  }
  // 3. Add the line.
  ImportedOrder& order = file_.orders[order_index];
  order.occur_time = std::min(order.occur_time, row.occur_time);
  order.gross_minor += *gross_minor;
  if (position != nullptr) {
    *position = {order.customer_index, order_index, static_cast<int32_t>(order.lines.size())};
  }
  order.lines.push_back(ImportedLine{row.line_number, Intern(row.sku), Intern(row.category),
                                     row.quantity, row.unit_price_micros});
  ++file_.line_count;
  return std::nullopt;
}

std::optional<Rejection> PurchaseCollector::NormalizeTexts(SaleRow* row) {
  absl::string_view* const texts[] = {&row->order_number, &row->sku,   &row->category,
                                      &row->channel,      &row->store, &row->region};
  static_assert(std::size(texts) == std::tuple_size_v<decltype(text_buffers_)>);
  for (size_t i = 0; i < std::size(texts); ++i) {
    const auto normalized = NormalizeText(*texts[i], text_buffers_[i]);
    if (!normalized.has_value()) {
      return Rejection{RejectReason::kInvalidText,
                       "a text has over 100 characters or control characters"};
    }
    *texts[i] = *normalized;
  }
  if (row->order_number.empty()) {
    return Rejection{RejectReason::kMissingOrderNumber, "the order number is empty"};
  }
  if (row->sku.empty()) return Rejection{RejectReason::kMissingSku, "the SKU is empty"};
  return std::nullopt;
}

std::optional<CurrencyCode> PurchaseCollector::FindCurrency(absl::string_view code) {
  const auto known = currency_by_code_.find(code);
  if (known != currency_by_code_.end()) return known->second;
  const absl::StatusOr<CurrencyCode> currency = CurrencyCode::Parse(code);
  if (!currency.ok()) return std::nullopt;
  currency_by_code_.emplace(code, *currency);
  return *currency;
}

std::optional<Rejection> PurchaseCollector::FindOrder(const SaleRow& row, int64_t gross_minor,
                                                      int32_t* order_index) {
  CustomerTable::Lookup customer = customers_.Find(row.customer_key);
  if (customer.rejection.has_value()) return customer.rejection;
  const auto known = order_by_number_.find(row.order_number);
  if (known == order_by_number_.end()) {
    const int32_t customer_index =
        customer.index.has_value() ? *customer.index
                                   : customers_.Add(row.customer_key, *std::move(customer.new_id));
    *order_index = MakeOrder(row, customer_index);
    return std::nullopt;
  }
  *order_index = known->second;
  const ImportedOrder& order = file_.orders[known->second];
  if (customer.index != order.customer_index) {
    return Rejection{RejectReason::kOrderCustomerMismatch,
                     "an earlier line of the order names another customer"};
  }
  if (row.currency_code != order.currency_code) {
    return Rejection{RejectReason::kOrderCurrencyMismatch,
                     "an earlier line of the order has another currency"};
  }
  if (order.lines.size() >= kOrderLinesMax) {
    return Rejection{RejectReason::kOrderTooLarge, "the order has 2,000 lines already"};
  }
  if (!AddMinor(order.gross_minor, gross_minor).ok()) {
    return Rejection{RejectReason::kAmountTooLarge, "the order is above 4e18 minor units with it"};
  }
  return std::nullopt;
}

int32_t PurchaseCollector::MakeOrder(const SaleRow& row, int32_t customer_index) {
  const auto index = static_cast<int32_t>(file_.orders.size());
  ImportedOrder order;
  order.order_number = Intern(row.order_number);
  order.customer_index = customer_index;
  order.occur_time = row.occur_time;
  order.currency_code = Intern(row.currency_code);
  order.channel = Intern(row.channel);
  order.store = Intern(row.store);
  order.region = Intern(row.region);
  order_by_number_.emplace(order.order_number, index);
  file_.orders.push_back(std::move(order));
  return index;
}

const ImportedLine& PurchaseCollector::line(const SalePosition& position) const {
  return file_.orders[position.order_index].lines[position.line_index];
}

PurchaseFile PurchaseCollector::Finish() && {
  file_.customers = std::move(customers_).Take();
  file_.rows_read = tally_.rows_read();
  file_.rejected = std::move(tally_.rejected());
  file_.rejected.SortByLine();
  return std::move(file_);
}

}  // namespace clientele::cli
