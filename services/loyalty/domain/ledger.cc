#include "services/loyalty/domain/ledger.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/ids/uuid.h"
#include "common/status/macros.h"

namespace clientele::loyalty {
namespace {

// The namespace of transaction ids; a stored id must come out the same for ever.
constexpr char kTransactionNamespace[] = "6f1d6c1e-5d0b-5e0f-9a55-2c8c2b1f7a03";

constexpr absl::string_view kRequestPrefix = "request/";

}  // namespace

const char* EntryKindName(EntryKind kind) {
  switch (kind) {
    case EntryKind::kEarn:
      return "EARN";
    case EntryKind::kRedeem:
      return "REDEEM";
    case EntryKind::kAdjust:
      return "ADJUST";
    case EntryKind::kExpire:
      return "EXPIRE";
    case EntryKind::kReverse:
      return "REVERSE";
  }
  return "UNKNOWN";
}

std::string RequestCauseKey(absl::string_view request_id) {
  return absl::StrCat(kRequestPrefix, request_id);
}

absl::string_view RequestIdOfCauseKey(absl::string_view key) {
  return absl::ConsumePrefix(&key, kRequestPrefix) ? key : "";
}

EntryCause RequestCause(const std::string& request_id, const std::string& content_hash,
                        const std::string& reason, const std::string& reference) {
  return {.key = RequestCauseKey(request_id),
          .request_id = request_id,
          .content_hash = content_hash,
          .purchase_id = {},
          .refund_number = {},
          .reason = reason,
          .reference = reference};
}

EntryCause PurchaseCause(const PurchaseId& purchase_id) {
  EntryCause cause;
  cause.key = absl::StrCat("purchase/", purchase_id.value());
  cause.purchase_id = purchase_id;
  cause.reason = "PURCHASE";
  return cause;
}

EntryCause RefundCause(const PurchaseId& purchase_id, const std::string& refund_number) {
  EntryCause cause;
  cause.key = absl::StrCat("refund/", purchase_id.value(), "/", refund_number);
  cause.purchase_id = purchase_id;
  cause.refund_number = refund_number;
  cause.reason = "REFUND";
  return cause;
}

EntryCause CancelCause(const PurchaseId& purchase_id) {
  EntryCause cause;
  cause.key = absl::StrCat("cancel/", purchase_id.value());
  cause.purchase_id = purchase_id;
  cause.reason = "CANCELLATION";
  return cause;
}

EntryCause ExpiryCause(const Lot& lot) {
  EntryCause cause;
  cause.key = absl::StrCat("expiry/", lot.seq);
  cause.purchase_id = lot.purchase_id;
  cause.reason = "EXPIRY";
  return cause;
}

std::string TransactionIdOf(const CustomerId& customer_id, const std::string& cause_key) {
  const absl::StatusOr<std::string> id =
      UuidV5(kTransactionNamespace, absl::StrCat(customer_id.value(), "/", cause_key));
  CLIENTELE_CHECK(id.ok());
  return *id;
}

}  // namespace clientele::loyalty
