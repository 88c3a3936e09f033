#include "cli/client/refusal.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/import/purchase_file.h"
#include "common/status/error.h"

namespace clientele::cli {
namespace {

struct FieldReason {
  absl::string_view field;
  RejectReason reason;
};

// Every field of an item that the server checks. `field` is the last name of its path, or for the
// fields within identifiers the name of their list: elsewhere a `value` is something else.
constexpr FieldReason kFieldReasons[] = {
    {"occur_time", RejectReason::kInvalidTime},
    {"currency_code", RejectReason::kInvalidCurrency},
    {"customer_id", RejectReason::kInvalidCustomerId},
    {"customer_identifiers", RejectReason::kInvalidCustomerId},
    {"quantity", RejectReason::kInvalidQuantity},
    {"unit_price_micros", RejectReason::kInvalidPrice},
    {"lines", RejectReason::kOrderTooLarge},
    {"order_number", RejectReason::kInvalidText},
    {"refund_number", RejectReason::kInvalidText},
    {"sku", RejectReason::kInvalidText},
    {"category", RejectReason::kInvalidText},
    {"channel", RejectReason::kInvalidText},
    {"store", RejectReason::kInvalidText},
    {"region", RejectReason::kInvalidText},
};

// "occur_time" of "batch.items[3].order.purchase.occur_time", "lines" of "….lines[2]".
absl::string_view LastName(absl::string_view path) {
  const size_t dot = path.rfind('.');
  const absl::string_view last = dot == absl::string_view::npos ? path : path.substr(dot + 1);
  return last.substr(0, last.find('['));
}

std::optional<RejectReason> ReasonOf(absl::string_view path) {
  const absl::string_view field =
      absl::StrContains(path, ".customer_identifiers[") ? "customer_identifiers" : LastName(path);
  const auto found = std::find_if(std::begin(kFieldReasons), std::end(kFieldReasons),
                                  [&](const FieldReason& known) { return known.field == field; });
  if (found == std::end(kFieldReasons)) {
    return std::nullopt;
  }
  return found->reason;
}

}  // namespace

Refusal ExplainRefusal(const absl::Status& error) {
  const std::string reason = GetErrorReason(error);
  Refusal refusal{.reason = reason.empty() ? absl::StatusCodeToString(error.code()) : reason,
                  .detail = std::string(error.message())};
  const std::optional<ErrorDetails> details = GetErrorDetails(error);
  if (!absl::IsInvalidArgument(error) || !details.has_value() ||
      details->field_violations.empty()) {
    return refusal;
  }
  const FieldViolation& violation = details->field_violations.front();
  refusal.detail = absl::StrCat(LastName(violation.field), " ", violation.description);
  if (const std::optional<RejectReason> known = ReasonOf(violation.field); known.has_value()) {
    refusal.reason = std::string(ToString(*known));
  }
  return refusal;
}

}  // namespace clientele::cli
