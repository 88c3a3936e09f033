#ifndef SERVICES_PROFILE_DOMAIN_REFUND_PLAN_H_
#define SERVICES_PROFILE_DOMAIN_REFUND_PLAN_H_

// What comes back of a purchase, and what a cancel does to it.
//
// Thread safety: pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/profile/domain/event.h"
#include "services/profile/domain/purchase.h"

namespace clientele::profile {

// Lines or an amount, never both.
struct RefundCommand {
  CustomerId customer_id;
  PurchaseId purchase_id;
  Refund refund;  // by lines: amounts are not set yet; otherwise amount_minor >= 1
  std::optional<int64_t> expected_version;
};

// What is to be stored and told.
struct RefundPlan {
  bool already_recorded = false;  // the same refund was recorded before: nothing else is set
  PurchaseHeader header;
  std::vector<PurchaseLine> changed_lines;
  Refund refund;
  PurchaseRefunded event;
};

// What returning `quantity` more units of `line` gives back: gross x units / quantity, rounded half
// away from zero on the cumulated units, so that the parts of a full return add up to its gross.
int64_t RefundAmountMinor(const PurchaseLine& line, int64_t quantity);

// Everything the caller said about a refund, in one text. `occur_time` nullopt = the caller left
// it to us: then it does not tell two refunds apart.
std::string CanonicalContent(const Refund& refund, std::optional<absl::Time> occur_time);

// Gives lines or an amount back. `header` is nullopt when the customer has no such purchase;
// `lines` holds at least those the command names, by line_number; `recorded_hash` is the content
// hash of the refund recorded under this number, if any.
//
// A purchase is REFUNDED once its whole amount was given back; where it is worth nothing, once
// every unit came back.
//
// A refund recorded under this number with the same content is answered before all but
// PURCHASE_NOT_FOUND, whatever happened to the purchase since.
//
// NOT_FOUND PURCHASE_NOT_FOUND, PURCHASE_LINE_NOT_FOUND; ALREADY_EXISTS REFUND_CONFLICT; ABORTED
// ETAG_MISMATCH; FAILED_PRECONDITION PURCHASE_STATE, TOO_MANY_REFUNDS, REFUND_EXCEEDS_REMAINING.
absl::StatusOr<RefundPlan> PlanRefund(const std::optional<PurchaseHeader>& header,
                                      absl::Span<const PurchaseLine> lines,
                                      const std::optional<std::string>& recorded_hash,
                                      const RefundCommand& command, absl::Time record_time);

struct CancelCommand {
  CustomerId customer_id;
  PurchaseId purchase_id;
  std::optional<int64_t> expected_version;
  absl::Time occur_time;
};

struct CancelPlan {
  PurchaseHeader header;
  PurchaseCancelled event;
};

// Cancels a purchase of which nothing was refunded.
// NOT_FOUND PURCHASE_NOT_FOUND; ABORTED ETAG_MISMATCH; FAILED_PRECONDITION PURCHASE_STATE.
absl::StatusOr<CancelPlan> PlanCancel(const std::optional<PurchaseHeader>& header,
                                      const CancelCommand& command);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_REFUND_PLAN_H_
