#ifndef SERVICES_PROFILE_DOMAIN_PURCHASE_H_
#define SERVICES_PROFILE_DOMAIN_PURCHASE_H_

// An order of a customer, its lines, and what came back of it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/money/currency.h"
#include "services/profile/domain/ids.h"

namespace clientele::profile {

// The numbers are those of the proto enum.
enum class PurchaseState { kPlaced = 1, kPartiallyRefunded = 2, kRefunded = 3, kCancelled = 4 };

// "PLACED": in rows, filters and errors.
absl::string_view PurchaseStateName(PurchaseState state);

struct PurchaseLine {
  int32_t line_number = 0;
  std::string sku;
  std::string category;
  int64_t quantity = 0;
  int64_t unit_price_micros = 0;
  int64_t gross_minor = 0;        // quantity x unit price, rounded half away from zero
  int64_t refunded_quantity = 0;  // of `quantity`
};

// A purchase without its lines: its row.
struct PurchaseHeader {
  PurchaseId id;
  CustomerId customer_id;
  std::string source_system;
  std::string order_number;
  absl::Time occur_time;
  absl::Time record_time;
  CurrencyCode currency;
  std::string channel;
  std::string store;
  std::string region;
  PurchaseState state = PurchaseState::kPlaced;
  int64_t gross_minor = 0;
  int64_t refunded_minor = 0;
  int64_t unit_count = 0;           // the sum of the lines' quantities
  int64_t refunded_unit_count = 0;  // of `unit_count`
  int32_t line_count = 0;
  int32_t refund_count = 0;
  int64_t version = 1;  // the etag
  std::optional<absl::Time> cancel_time;
  // What the events of its purchase and of its cancel were recorded as, so that an export can tell
  // them again: feed_seq 0 = not known, or not cancelled.
  int64_t feed_seq = 0;
  int64_t cancel_feed_seq = 0;
  std::optional<absl::Time> cancel_record_time;
  std::string content_hash;  // of CanonicalContent: tells a repetition from a conflict
};

// Units of one line that came back.
struct RefundLine {
  int32_t line_number = 0;
  int64_t quantity = 0;
  int64_t amount_minor = 0;  // set by PlanRefund
};

struct Refund {
  std::string refund_number;
  int32_t ordinal = 0;  // set by PlanRefund: the how-manieth recorded refund of the purchase
  absl::Time occur_time;
  absl::Time record_time;
  std::vector<RefundLine> lines;  // by line_number; empty when only money was given back
  int64_t amount_minor = 0;
  std::string reason;
  std::string content_hash;
  int64_t feed_seq = 0;  // of its event; 0 = not known
};

struct Purchase {
  PurchaseHeader header;
  std::vector<PurchaseLine> lines;  // by line_number
  std::vector<Refund> refunds;      // oldest first
};

// The id of an order: the same for ever, so that a repeated order is recognised.
PurchaseId PurchaseIdOf(absl::string_view source_system, absl::string_view order_number);

// Fills the lines' gross amounts and the header's totals from the lines. INVALID_ARGUMENT
// AMOUNT_OUT_OF_RANGE when a line or the sum is beyond ±4e18.
absl::Status ComputeTotals(Purchase& purchase);

// Everything the caller said about an order, unambiguous, in one text. Lines must be sorted.
std::string CanonicalContent(const Purchase& purchase);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_PURCHASE_H_
