#include "cli/import/refund_file.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "cli/import/limits.h"
#include "cli/import/row_fields.h"
#include "cli/import/time_text.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

enum Column : size_t {
  kOrderNumber,
  kRefundNumber,
  kCustomer,
  kOccurTime,
  kLineNumber,
  kQuantity,
  kAmountMinor,
  kReason
};
constexpr CsvColumn kColumns[] = {
    {"order_number"},        {"refund_number"},      {"customer"},
    {"occur_time"},          {"line_number", false}, {"quantity", false},
    {"amount_minor", false}, {"reason", false},
};

// What a row says was given back.
struct GivenBack {
  std::optional<FiledRefund::Line> line;
  int64_t amount_minor = 0;
};

// A whole number above zero and at most `max`.
bool ReadPositive(absl::string_view text, int64_t max, int64_t* number) {
  return !text.empty() && text.find_first_not_of("0123456789") == absl::string_view::npos &&
         absl::SimpleAtoi(text, number) && *number > 0 && *number <= max;
}

std::optional<Rejection> ReadGivenBack(const CsvRow& csv, GivenBack* back) {
  if (!csv[kAmountMinor].empty()) {
    if (!csv[kLineNumber].empty() || !csv[kQuantity].empty()) {
      return Rejection{RejectReason::kRefundMismatch, "a row has lines or an amount, not both"};
    }
    if (ReadPositive(csv[kAmountMinor], std::numeric_limits<int64_t>::max(), &back->amount_minor)) {
      return std::nullopt;
    }
    return Rejection{RejectReason::kInvalidPrice, "amount_minor is no whole number above zero"};
  }
  FiledRefund::Line line;
  if (!ReadPositive(csv[kLineNumber], std::numeric_limits<int32_t>::max(), &line.line_number)) {
    return Rejection{RejectReason::kInvalidLineNumber, "line_number is no whole number above zero"};
  }
  if (auto rejection = ReadQuantity(csv[kQuantity], &line.quantity)) return rejection;
  if (line.quantity <= 0) {
    return Rejection{RejectReason::kNonPositiveQuantity, "the quantity is not above zero"};
  }
  back->line = line;
  return std::nullopt;
}

// Gathers rows into refunds.
class RefundRows {
 public:
  explicit RefundRows(CustomerCsvFile& file) : file_(file) {}

  std::optional<Rejection> Add(const CsvRow& csv);
  std::vector<FiledRefund> Take() && { return std::move(refunds_); }

 private:
  // Adds a line to a refund of an earlier row.
  std::optional<Rejection> Extend(const CsvRow& csv, absl::string_view customer_id,
                                  absl::Time occur_time, const GivenBack& back,
                                  FiledRefund& refund);

  CustomerCsvFile& file_;
  std::vector<FiledRefund> refunds_;
  absl::flat_hash_map<std::pair<std::string, std::string>, size_t> index_by_numbers_;
};

std::optional<Rejection> RefundRows::Add(const CsvRow& csv) {
  // 1. The row by itself.
  if (csv[kOrderNumber].empty()) {
    return Rejection{RejectReason::kMissingOrderNumber, "the order number is empty"};
  }
  if (csv[kRefundNumber].empty()) {
    return Rejection{RejectReason::kMissingRefundNumber, "the refund number is empty"};
  }
  const std::optional<absl::Time> occur_time = ParseTimeText(csv[kOccurTime]);
  if (!occur_time.has_value()) {
    return Rejection{RejectReason::kInvalidTime, "occur_time is no RFC 3339 time or date"};
  }
  GivenBack back;
  if (auto rejection = ReadGivenBack(csv, &back)) return rejection;
  MentionedCustomer customer;
  if (auto rejection = file_.FindCustomer(csv[kCustomer], &customer)) return rejection;
  // 2. The refund it belongs to.
  const auto [known, is_new] = index_by_numbers_.try_emplace(
      std::make_pair(std::string(csv[kOrderNumber]), std::string(csv[kRefundNumber])),
      refunds_.size());
  if (!is_new) {
    return Extend(csv, customer.customer_id, *occur_time, back, refunds_[known->second]);
  }
  FiledRefund& refund = refunds_.emplace_back();
  refund.customer_id = std::move(customer.customer_id);
  refund.order_number = known->first.first;
  refund.refund_number = known->first.second;
  refund.occur_time = *occur_time;
  refund.reason = std::string(csv[kReason]);
  refund.amount_minor = back.amount_minor;
  if (back.line.has_value()) refund.lines.push_back(*back.line);
  refund.file_numbers.push_back(csv.line_number());
  return std::nullopt;
}

std::optional<Rejection> RefundRows::Extend(const CsvRow& csv, absl::string_view customer_id,
                                            absl::Time occur_time, const GivenBack& back,
                                            FiledRefund& refund) {
  if (customer_id != refund.customer_id) {
    return Rejection{RejectReason::kRefundMismatch,
                     "an earlier row of the refund names another customer"};
  }
  if (!back.line.has_value() || refund.lines.empty()) {
    return Rejection{RejectReason::kRefundMismatch, "a refund of an amount has one row"};
  }
  const bool repeated = std::any_of(
      refund.lines.begin(), refund.lines.end(),
      [&](const FiledRefund::Line& line) { return line.line_number == back.line->line_number; });
  if (repeated) {
    return Rejection{RejectReason::kRefundMismatch,
                     "an earlier row of the refund has the same line_number"};
  }
  if (refund.lines.size() >= kOrderLinesMax) {
    return Rejection{RejectReason::kOrderTooLarge, "the refund has 2,000 lines already"};
  }
  refund.lines.push_back(*back.line);
  refund.occur_time = std::min(refund.occur_time, occur_time);
  refund.file_numbers.push_back(csv.line_number());
  return std::nullopt;
}

}  // namespace

absl::StatusOr<RefundFile> ReadRefundFile(absl::string_view path, const CsvFileOptions& options) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::unique_ptr<CustomerCsvFile> file,
                             CustomerCsvFile::Open(path, kColumns, options));
  RefundRows rows(*file);
  for (;;) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::optional<CsvRow> csv, file->Next());
    if (!csv.has_value()) break;
    if (const auto rejection = rows.Add(*csv)) {
      file->tally().Reject(csv->line_number(), *rejection);
    }
  }
  RefundFile refunds;
  refunds.source = file->source();
  refunds.refunds = std::move(rows).Take();
  refunds.rows_read = file->tally().rows_read();
  refunds.rejected = std::move(file->tally().rejected());
  refunds.rejected.SortByLine();
  return refunds;
}

std::string RefundFileHelp() {
  return R"(The csv format is UTF-8 text as in RFC 4180, plain or gzip-compressed, with a header:

  order_number,refund_number,customer,occur_time,line_number,quantity,amount_minor,reason

The columns may stand in any order; the last four may be left out. One row is units of one line of
an order, or money; rows with one order_number and refund_number make one refund.

  order_number   of an order that was imported from the same --source
  refund_number  1 to 100 characters, unique in the order; the same refund again changes nothing
  customer       the customer as the purchases spell it
  occur_time     RFC 3339, or YYYY-MM-DD, or YYYY-MM-DD HH:MM:SS (both UTC); a refund takes its
                 earliest row's
  line_number    the line of the order that came back; the lines of an order that was imported from
                 a file have the line numbers of that file (1 is its header)
  quantity       how many came back: a whole number above zero
  amount_minor   instead of both: money given back, in minor units of the order's currency
  reason         up to 200 characters, without personal data; a refund takes its first row's

  A-1001,R-1,c-17,2024-05-09,2,1,,DAMAGED
  A-1001,R-2,c-17,2024-05-12,,,500,late

A row that breaks these rules is not imported; it is listed with its line number and the reason,
UNMATCHED_REFUND when there is no such order of the customer or no such line.
)";
}

}  // namespace clientele::cli
