#include "services/profile/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/ids/etag.h"
#include "common/status/error.h"

namespace clientele::profile {
namespace {

using absl::StatusCode;

}  // namespace

absl::Status CustomerNotFound(const CustomerId& customer_id) {
  return ErrorBuilder(StatusCode::kNotFound, "CUSTOMER_NOT_FOUND",
                      absl::StrCat("customer ", customer_id.value(), " does not exist"))
      .Metadata("customer_id", customer_id.value())
      .Resource("customer", customer_id.value())
      .Build();
}

absl::Status CustomerAlreadyExists(const CustomerId& customer_id) {
  return ErrorBuilder(StatusCode::kAlreadyExists, "CUSTOMER_ALREADY_EXISTS",
                      absl::StrCat("customer ", customer_id.value(), " exists"))
      .Metadata("customer_id", customer_id.value())
      .Resource("customer", customer_id.value())
      .Build();
}

absl::Status CustomerIsDeleted(const CustomerId& customer_id) {
  return ErrorBuilder(
             StatusCode::kFailedPrecondition, "CUSTOMER_DELETED",
             absl::StrCat("customer ", customer_id.value(), " is deleted; undelete it first"))
      .Metadata("customer_id", customer_id.value())
      .Precondition("CUSTOMER_STATE", customer_id.value(), "the customer must be ACTIVE")
      .Build();
}

absl::Status CustomerNotDeleted(const CustomerId& customer_id) {
  return ErrorBuilder(StatusCode::kFailedPrecondition, "CUSTOMER_NOT_DELETED",
                      absl::StrCat("customer ", customer_id.value(), " is not deleted"))
      .Metadata("customer_id", customer_id.value())
      .Precondition("CUSTOMER_STATE", customer_id.value(), "the customer must be DELETED")
      .Build();
}

absl::Status IdentifierTaken(IdentifierType type) {
  const absl::string_view name = IdentifierTypeName(type);
  return ErrorBuilder(StatusCode::kAlreadyExists, "IDENTIFIER_TAKEN",
                      absl::StrCat("this ", name, " identifier belongs to another customer"))
      .Metadata("type", name)
      .Build();
}

absl::Status CustomerIdCollision(const CustomerId& customer_id, absl::string_view system) {
  return ErrorBuilder(
             StatusCode::kAlreadyExists, "CUSTOMER_ID_COLLISION",
             absl::StrCat("customer ", customer_id.value(), " goes by another id in ", system))
      .Metadata("customer_id", customer_id.value())
      .Metadata("system", system)
      .Resource("customer", customer_id.value())
      .Build();
}

absl::Status PurchaseNotFound(const CustomerId& customer_id, const PurchaseId& purchase_id) {
  return ErrorBuilder(StatusCode::kNotFound, "PURCHASE_NOT_FOUND",
                      absl::StrCat("customer ", customer_id.value(), " has no purchase ",
                                   purchase_id.value()))
      .Metadata("customer_id", customer_id.value())
      .Metadata("purchase_id", purchase_id.value())
      .Resource("purchase", purchase_id.value())
      .Build();
}

absl::Status PurchaseConflict(absl::string_view source_system, absl::string_view order_number) {
  return ErrorBuilder(StatusCode::kAlreadyExists, "PURCHASE_CONFLICT",
                      absl::StrCat("order ", order_number, " of ", source_system,
                                   " is recorded with other content"))
      .Metadata("source_system", source_system)
      .Metadata("order_number", order_number)
      .Resource("purchase", absl::StrCat(source_system, "/", order_number))
      .Build();
}

absl::Status PurchaseStateForbids(const PurchaseId& purchase_id, PurchaseState state) {
  const absl::string_view name = PurchaseStateName(state);
  return ErrorBuilder(StatusCode::kFailedPrecondition, "PURCHASE_STATE",
                      absl::StrCat("purchase ", purchase_id.value(), " is ", name))
      .Metadata("purchase_id", purchase_id.value())
      .Metadata("state", name)
      .Precondition("PURCHASE_STATE", purchase_id.value(), absl::StrCat("the purchase is ", name))
      .Build();
}

absl::Status PurchaseLineNotFound(const PurchaseId& purchase_id, int32_t line_number) {
  return ErrorBuilder(StatusCode::kNotFound, "PURCHASE_LINE_NOT_FOUND",
                      absl::StrCat("purchase ", purchase_id.value(), " has no line ", line_number))
      .Metadata("purchase_id", purchase_id.value())
      .Metadata("line_number", absl::StrCat(line_number))
      .Resource("purchase_line", absl::StrCat(purchase_id.value(), "/", line_number))
      .Build();
}

absl::Status RefundExceedsLine(const PurchaseId& purchase_id, int32_t line_number,
                               int64_t left_quantity, int64_t requested_quantity) {
  const std::string message = absl::StrCat("line ", line_number, " has ", left_quantity,
                                           " units left, ", requested_quantity, " were requested");
  return ErrorBuilder(StatusCode::kFailedPrecondition, "REFUND_EXCEEDS_REMAINING", message)
      .Metadata("purchase_id", purchase_id.value())
      .Metadata("line_number", absl::StrCat(line_number))
      .Metadata("left", absl::StrCat(left_quantity))
      .Metadata("requested", absl::StrCat(requested_quantity))
      .Precondition("REMAINING_QUANTITY", absl::StrCat(purchase_id.value(), "/", line_number),
                    message)
      .Build();
}

absl::Status RefundExceedsAmount(const PurchaseId& purchase_id, int64_t left_minor,
                                 int64_t requested_minor) {
  const std::string message =
      absl::StrCat("purchase ", purchase_id.value(), " has ", left_minor, " minor units left, ",
                   requested_minor, " were requested");
  return ErrorBuilder(StatusCode::kFailedPrecondition, "REFUND_EXCEEDS_REMAINING", message)
      .Metadata("purchase_id", purchase_id.value())
      .Metadata("left", absl::StrCat(left_minor))
      .Metadata("requested", absl::StrCat(requested_minor))
      .Precondition("REMAINING_AMOUNT", purchase_id.value(), message)
      .Build();
}

absl::Status TooManyRefunds(const PurchaseId& purchase_id, int refunds_max) {
  const std::string message = absl::StrCat("purchase ", purchase_id.value(), " has ", refunds_max,
                                           " refunds, which is the most it can have");
  return ErrorBuilder(StatusCode::kFailedPrecondition, "TOO_MANY_REFUNDS", message)
      .Metadata("purchase_id", purchase_id.value())
      .Metadata("refunds_max", absl::StrCat(refunds_max))
      .Precondition("REFUND_COUNT", purchase_id.value(), message)
      .Build();
}

absl::Status RefundConflict(const PurchaseId& purchase_id, absl::string_view refund_number) {
  return ErrorBuilder(StatusCode::kAlreadyExists, "REFUND_CONFLICT",
                      absl::StrCat("refund ", refund_number, " is recorded with other content"))
      .Metadata("purchase_id", purchase_id.value())
      .Metadata("refund_number", refund_number)
      .Resource("refund", absl::StrCat(purchase_id.value(), "/", refund_number))
      .Build();
}

absl::Status EtagMismatch(absl::string_view resource_type, absl::string_view resource_id,
                          int64_t expected_version, int64_t actual_version) {
  return ErrorBuilder(StatusCode::kAborted, "ETAG_MISMATCH",
                      absl::StrCat("the ", resource_type, " was changed meanwhile; read it again"))
      .Metadata("expected", EtagOf(expected_version))
      .Metadata("actual", EtagOf(actual_version))
      .Resource(resource_type, resource_id)
      .Build();
}

absl::Status ConcurrentChange() {
  return ErrorBuilder(StatusCode::kAborted, "TRANSACTION_CONFLICT",
                      "too many concurrent changes; try again")
      .RetryAfter(absl::Milliseconds(50))
      .Build();
}

}  // namespace clientele::profile
