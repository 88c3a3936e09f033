#include "cli/import/rejected_rows.h"

#include <algorithm>
#include <numeric>

#include "cli/import/limits.h"

namespace clientele::cli {

absl::string_view ToString(RejectReason reason) {
  switch (reason) {
    case RejectReason::kMissingCustomer:
      return "MISSING_CUSTOMER";
    case RejectReason::kNonPositivePrice:
      return "NON_POSITIVE_PRICE";
    case RejectReason::kUnmatchedRefund:
      return "UNMATCHED_REFUND";
    case RejectReason::kMalformedRow:
      return "MALFORMED_ROW";
    case RejectReason::kInvalidUtf8:
      return "INVALID_UTF8";
    case RejectReason::kLineTooLong:
      return "LINE_TOO_LONG";
    case RejectReason::kMissingOrderNumber:
      return "MISSING_ORDER_NUMBER";
    case RejectReason::kMissingSku:
      return "MISSING_SKU";
    case RejectReason::kInvalidText:
      return "INVALID_TEXT";
    case RejectReason::kInvalidCustomerId:
      return "INVALID_CUSTOMER_ID";
    case RejectReason::kCustomerIdCollision:
      return "CUSTOMER_ID_COLLISION";
    case RejectReason::kInvalidQuantity:
      return "INVALID_QUANTITY";
    case RejectReason::kNonPositiveQuantity:
      return "NON_POSITIVE_QUANTITY";
    case RejectReason::kInvalidPrice:
      return "INVALID_PRICE";
    case RejectReason::kAmountTooLarge:
      return "AMOUNT_TOO_LARGE";
    case RejectReason::kInvalidTime:
      return "INVALID_TIME";
    case RejectReason::kInvalidCurrency:
      return "INVALID_CURRENCY";
    case RejectReason::kOrderCustomerMismatch:
      return "ORDER_CUSTOMER_MISMATCH";
    case RejectReason::kOrderCurrencyMismatch:
      return "ORDER_CURRENCY_MISMATCH";
    case RejectReason::kOrderTooLarge:
      return "ORDER_TOO_LARGE";
    case RejectReason::kRepeatedCustomer:
      return "REPEATED_CUSTOMER";
    case RejectReason::kMissingRefundNumber:
      return "MISSING_REFUND_NUMBER";
    case RejectReason::kInvalidLineNumber:
      return "INVALID_LINE_NUMBER";
    case RejectReason::kRefundMismatch:
      return "REFUND_MISMATCH";
    case RejectReason::kMissingComplaint:
      return "MISSING_COMPLAINT";
    case RejectReason::kInvalidComplaintId:
      return "INVALID_COMPLAINT_ID";
    case RejectReason::kRepeatedComplaint:
      return "REPEATED_COMPLAINT";
    case RejectReason::kInvalidSeverity:
      return "INVALID_SEVERITY";
    case RejectReason::kInvalidFlag:
      return "INVALID_FLAG";
  }
  return "UNKNOWN";
}

void RejectedRows::Add(int64_t line_number, const Rejection& rejection) {
  int64_t& count = counts_[static_cast<size_t>(rejection.reason)];
  if (++count > kRejectedRowsListedMax) return;
  listed_.push_back(RejectedRow{line_number, rejection});
}

int64_t RejectedRows::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), int64_t{0});
}

void RejectedRows::SortByLine() {
  std::stable_sort(listed_.begin(), listed_.end(), [](const RejectedRow& a, const RejectedRow& b) {
    return a.line_number < b.line_number;
  });
}

}  // namespace clientele::cli
