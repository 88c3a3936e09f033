#include "cli/client/purchase_batches.h"

#include <algorithm>
#include <string>

namespace clientele::cli {
namespace {

using clientele::profile::v1::Identifier;
using clientele::profile::v1::ImportItem;
using clientele::profile::v1::ImportOrder;
using clientele::profile::v1::ImportRefund;

// As many as the contract takes for a customer made by an import.
constexpr size_t kIdentifiersMax = 5;

}  // namespace

void OrderBatches::FillItem(size_t item, ImportItem& out_item) const {
  const ImportedOrder& order = file_.orders[item];
  const ImportedCustomer& customer = file_.customers[static_cast<size_t>(order.customer_index)];
  ImportOrder& out = *out_item.mutable_order();
  auto& purchase = *out.mutable_purchase();
  purchase.set_customer_id(customer.customer_id);
  purchase.set_source_system(file_.source);
  purchase.set_order_number(std::string(order.order_number));
  SetTime(order.occur_time, *purchase.mutable_occur_time());
  purchase.set_currency_code(std::string(order.currency_code));
  purchase.set_channel(std::string(order.channel));
  purchase.set_store(std::string(order.store));
  purchase.set_region(std::string(order.region));
  for (const ImportedLine& line : order.lines) {
    auto& out_line = *purchase.add_lines();
    out_line.set_line_number(static_cast<int32_t>(line.line_number));
    out_line.set_sku(std::string(line.sku));
    out_line.set_category(std::string(line.category));
    out_line.set_quantity(line.quantity);
    out_line.set_unit_price_micros(line.unit_price_micros);
  }
  const size_t aliases = std::min(customer.aliases.size(), kIdentifiersMax);
  for (size_t i = 0; i < aliases; ++i) {
    Identifier& identifier = *out.add_customer_identifiers();
    identifier.set_type(clientele::profile::v1::IDENTIFIER_TYPE_EXTERNAL);
    identifier.set_system(file_.source);
    identifier.set_value(customer.aliases[i]);
  }
}

std::vector<int64_t> OrderBatches::LineNumbers(size_t item) const {
  std::vector<int64_t> numbers;
  for (const ImportedLine& line : file_.orders[item].lines) {
    numbers.push_back(line.line_number);
  }
  return numbers;
}

size_t OrderBatches::OwnerOf(size_t item) const {
  return static_cast<size_t>(file_.orders[item].customer_index);
}

OrderRefundBatches::OrderRefundBatches(const PurchaseFile& file, const OrderIndexes& refused_orders)
    : file_(file) {
  for (size_t i = 0; i < file.refunds.size(); ++i) {
    if (refused_orders.contains(static_cast<size_t>(file.refunds[i].order_index))) {
      left_out_line_numbers_.push_back(file.refunds[i].line_number);
    } else {
      sent_.push_back(static_cast<int32_t>(i));
    }
  }
}

void OrderRefundBatches::FillItem(size_t item, ImportItem& out_item) const {
  const ImportedRefund& refund = file_.refunds[static_cast<size_t>(sent_[item])];
  const ImportedOrder& order = file_.orders[static_cast<size_t>(refund.order_index)];
  ImportRefund& out = *out_item.mutable_refund();
  out.set_customer_id(file_.customers[static_cast<size_t>(order.customer_index)].customer_id);
  out.set_order_number(std::string(order.order_number));
  out.mutable_refund()->set_refund_number(refund.refund_number);
  SetTime(refund.occur_time, *out.mutable_refund()->mutable_occur_time());
  auto& line = *out.mutable_refund()->add_lines();
  line.set_line_number(static_cast<int32_t>(refund.order_line_number));
  line.set_quantity(refund.quantity);
}

std::vector<int64_t> OrderRefundBatches::LineNumbers(size_t item) const {
  return {file_.refunds[static_cast<size_t>(sent_[item])].line_number};
}

size_t OrderRefundBatches::OwnerOf(size_t item) const {
  const ImportedRefund& refund = file_.refunds[static_cast<size_t>(sent_[item])];
  return static_cast<size_t>(file_.orders[static_cast<size_t>(refund.order_index)].customer_index);
}

}  // namespace clientele::cli
