#include "services/profile/api/converters/purchase_proto.h"

#include "common/ids/etag.h"
#include "common/time/time_proto.h"

namespace clientele::profile {
namespace {

void SetMoney(int64_t amount_minor, CurrencyCode currency, common::v1::Money& proto) {
  proto.set_currency_code(currency.ToString());
  proto.set_minor_units(amount_minor);
}

void SetLine(const PurchaseLine& line, v1::PurchaseLine& proto) {
  proto.set_line_number(line.line_number);
  proto.set_sku(line.sku);
  proto.set_category(line.category);
  proto.set_quantity(line.quantity);
  proto.set_unit_price_micros(line.unit_price_micros);
  proto.set_gross_minor(line.gross_minor);
  proto.set_refunded_quantity(line.refunded_quantity);
}

void SetRefund(const Refund& refund, v1::Refund& proto) {
  proto.set_refund_number(refund.refund_number);
  *proto.mutable_occur_time() = ToTimestamp(refund.occur_time);
  *proto.mutable_record_time() = ToTimestamp(refund.record_time);
  for (const RefundLine& line : refund.lines) {
    v1::RefundLine& added = *proto.add_lines();
    added.set_line_number(line.line_number);
    added.set_quantity(line.quantity);
    added.set_amount_minor(line.amount_minor);
  }
  proto.set_amount_minor(refund.amount_minor);
  proto.set_reason(refund.reason);
}

}  // namespace

v1::Purchase ToPurchaseProto(const PurchaseHeader& header) {
  v1::Purchase proto;
  proto.set_purchase_id(header.id.value());
  proto.set_customer_id(header.customer_id.value());
  proto.set_source_system(header.source_system);
  proto.set_order_number(header.order_number);
  *proto.mutable_occur_time() = ToTimestamp(header.occur_time);
  *proto.mutable_record_time() = ToTimestamp(header.record_time);
  proto.set_currency_code(header.currency.ToString());
  proto.set_channel(header.channel);
  proto.set_store(header.store);
  proto.set_region(header.region);
  proto.set_state(static_cast<v1::PurchaseState>(header.state));
  SetMoney(header.gross_minor, header.currency, *proto.mutable_gross());
  SetMoney(header.refunded_minor, header.currency, *proto.mutable_refunded());
  proto.set_etag(EtagOf(header.version));
  if (header.cancel_time.has_value()) {
    *proto.mutable_cancel_time() = ToTimestamp(*header.cancel_time);
  }
  return proto;
}

v1::Purchase ToPurchaseProto(const Purchase& purchase) {
  v1::Purchase proto = ToPurchaseProto(purchase.header);
  for (const PurchaseLine& line : purchase.lines) SetLine(line, *proto.add_lines());
  for (const Refund& refund : purchase.refunds) SetRefund(refund, *proto.add_refunds());
  return proto;
}

}  // namespace clientele::profile
