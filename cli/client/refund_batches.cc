#include "cli/client/refund_batches.h"

namespace clientele::cli {

std::string RefundBatches::ReasonInFile(const std::string& server_reason) const {
  const bool unmatched =
      server_reason == "PURCHASE_NOT_FOUND" || server_reason == "PURCHASE_LINE_NOT_FOUND";
  return unmatched ? std::string(ToString(RejectReason::kUnmatchedRefund)) : server_reason;
}

void RefundBatches::FillItem(size_t item, clientele::profile::v1::ImportItem& out) const {
  const FiledRefund& filed = file_.refunds[item];
  out.mutable_refund()->set_customer_id(filed.customer_id);
  out.mutable_refund()->set_order_number(filed.order_number);
  auto& refund = *out.mutable_refund()->mutable_refund();
  refund.set_refund_number(filed.refund_number);
  SetTime(filed.occur_time, *refund.mutable_occur_time());
  refund.set_reason(filed.reason);
  refund.set_amount_minor(filed.amount_minor);
  for (const FiledRefund::Line& line : filed.lines) {
    auto& out_line = *refund.add_lines();
    out_line.set_line_number(static_cast<int32_t>(line.line_number));
    out_line.set_quantity(line.quantity);
  }
}

}  // namespace clientele::cli
