#ifndef CLI_IMPORT_REJECTED_ROWS_H_
#define CLI_IMPORT_REJECTED_ROWS_H_

// The rows of a file that are not imported, and why. Thread safety: values.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::cli {

// Why a row was not imported. One reason per row.
enum class RejectReason {
  kMissingCustomer,
  kNonPositivePrice,
  kUnmatchedRefund,
  kMalformedRow,
  kInvalidUtf8,
  kLineTooLong,
  kMissingOrderNumber,
  kMissingSku,
  kInvalidText,  // too long, or with control characters
  kInvalidCustomerId,
  kCustomerIdCollision,
  kInvalidQuantity,
  kNonPositiveQuantity,
  kInvalidPrice,
  kAmountTooLarge,
  kInvalidTime,
  kInvalidCurrency,
  kOrderCustomerMismatch,
  kOrderCurrencyMismatch,
  kOrderTooLarge,
  kRepeatedCustomer,
  kMissingRefundNumber,
  kInvalidLineNumber,
  kRefundMismatch,
  kMissingComplaint,
  kInvalidComplaintId,
  kRepeatedComplaint,
  kInvalidSeverity,
  kInvalidFlag,
};
inline constexpr size_t kRejectReasonCount = 29;

// "MISSING_CUSTOMER" and so on.
absl::string_view ToString(RejectReason reason);

// A reason with a sentence fragment that explains it. The detail is always a literal, so it can
// hold nothing of the row.
struct Rejection {
  RejectReason reason = RejectReason::kMalformedRow;
  absl::string_view detail;
};

// A row that was not imported.
struct RejectedRow {
  int64_t line_number = 0;
  Rejection rejection;
};

// Counts every rejected row and lists the first kRejectedRowsListedMax of each reason.
class RejectedRows {
 public:
  // Lines must come in ascending order within one reason.
  void Add(int64_t line_number, const Rejection& rejection);

  int64_t count(RejectReason reason) const { return counts_[static_cast<size_t>(reason)]; }
  int64_t total() const;
  const std::vector<RejectedRow>& listed() const { return listed_; }

  // Orders the listed rows by line number.
  void SortByLine();

 private:
  std::array<int64_t, kRejectReasonCount> counts_{};
  std::vector<RejectedRow> listed_;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_REJECTED_ROWS_H_
