#include "services/loyalty/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace clientele::loyalty {

absl::Status MemberNotFound(const CustomerId& customer_id) {
  return ErrorBuilder(
             absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND",
             "loyalty has no such member: no purchase of a customer by this id has arrived")
      .Metadata("customer_id", customer_id.value())
      .Resource("member", customer_id.value())
      .Build();
}

absl::Status InsufficientPoints(const Member& member, int64_t requested_points) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_POINTS",
                      absl::StrCat(member.available, " points are available, ", requested_points,
                                   " were requested"))
      .Metadata("available", absl::StrCat(member.available))
      .Metadata("requested", absl::StrCat(requested_points))
      // Both lie within ±4e18, so their difference fits.
      .Metadata("missing", absl::StrCat(requested_points - member.available))
      .Metadata("debt", absl::StrCat(member.debt))
      .Precondition("POINTS", absl::StrCat("member/", member.id.value()),
                    "must have the points that are requested")
      .Build();
}

absl::Status RequestIdVoided(absl::string_view request_id) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "REQUEST_ID_VOIDED",
                      "this request was voided by a Reverse; it takes no effect any more")
      .Metadata("request_id", request_id)
      .Precondition("REQUEST_ID", absl::StrCat("request/", request_id), "must not be voided")
      .Build();
}

absl::Status RequestIdReused(absl::string_view request_id) {
  return ErrorBuilder(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                      "request_id was used before with another request")
      .Metadata("request_id", request_id)
      .Build();
}

absl::Status TransactionNotReversible(EntryKind kind) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "TRANSACTION_NOT_REVERSIBLE",
                      absl::StrCat("the transaction is a ", EntryKindName(kind),
                                   "; only REDEEM and ADJUST are reversed by request"))
      .Metadata("kind", EntryKindName(kind))
      .Precondition("ENTRY_KIND", "entry", "must be REDEEM or ADJUST")
      .Build();
}

absl::Status EarningNotFound(const CustomerId& customer_id, const PurchaseId& purchase_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "EARNING_NOT_FOUND",
                      "no such purchase of this member has arrived")
      .Metadata("customer_id", customer_id.value())
      .Metadata("purchase_id", purchase_id.value())
      .Resource("earning", purchase_id.value())
      .Build();
}

absl::Status PointsLimitExceeded(const Member& member, int64_t requested_points) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "POINTS_LIMIT_EXCEEDED",
                      "the balance would exceed 4e18 points")
      .Metadata("available", absl::StrCat(member.available))
      .Metadata("requested", absl::StrCat(requested_points))
      .Precondition("POINTS", absl::StrCat("member/", member.id.value()),
                    "must stay within 4e18 points")
      .Build();
}

}  // namespace clientele::loyalty
