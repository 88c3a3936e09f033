#include "services/profile/domain/refund_plan.h"

#include <algorithm>
#include <utility>

#include "absl/numeric/int128.h"
#include "common/status/macros.h"
#include "services/profile/domain/canonical_text.h"
#include "services/profile/domain/errors.h"
#include "services/profile/domain/limits.h"

namespace clientele::profile {
namespace {

// `gross_minor` x `units` / `quantity`, rounded half away from zero; all of them >= 0.
int64_t Share(int64_t gross_minor, int64_t units, int64_t quantity) {
  const absl::int128 doubled = absl::int128(gross_minor) * units * 2 + quantity;
  return static_cast<int64_t>(doubled / (absl::int128(quantity) * 2));
}

const PurchaseLine* FindLine(absl::Span<const PurchaseLine> lines, int32_t line_number) {
  const auto found = std::lower_bound(
      lines.begin(), lines.end(), line_number,
      [](const PurchaseLine& line, int32_t number) { return line.line_number < number; });
  return found == lines.end() || found->line_number != line_number ? nullptr : &*found;
}

absl::Status CheckLinesExist(const PurchaseHeader& header, absl::Span<const PurchaseLine> lines,
                             const Refund& refund) {
  for (const RefundLine& line : refund.lines) {
    if (FindLine(lines, line.line_number) == nullptr) {
      return PurchaseLineNotFound(header.id, line.line_number);
    }
  }
  return absl::OkStatus();
}

// Takes the refund's units out of its lines and sums up what they are worth.
absl::Status ApplyLines(absl::Span<const PurchaseLine> lines, RefundPlan& plan) {
  plan.refund.amount_minor = 0;
  for (RefundLine& returned : plan.refund.lines) {
    PurchaseLine line = *FindLine(lines, returned.line_number);
    const int64_t left_quantity = line.quantity - line.refunded_quantity;
    if (returned.quantity > left_quantity) {
      return RefundExceedsLine(plan.header.id, line.line_number, left_quantity, returned.quantity);
    }
    returned.amount_minor = RefundAmountMinor(line, returned.quantity);
    plan.refund.amount_minor += returned.amount_minor;  // at most the purchase's gross
    plan.header.refunded_unit_count += returned.quantity;
    line.refunded_quantity += returned.quantity;
    plan.changed_lines.push_back(std::move(line));
  }
  return absl::OkStatus();
}

absl::Status CheckAmountLeft(const PurchaseHeader& header, int64_t amount_minor) {
  const int64_t left_minor = header.gross_minor - header.refunded_minor;
  if (amount_minor > left_minor) return RefundExceedsAmount(header.id, left_minor, amount_minor);
  return absl::OkStatus();
}

PurchaseState StateAfterRefund(const PurchaseHeader& header) {
  const bool all_back = header.gross_minor > 0 ? header.refunded_minor == header.gross_minor
                                               : header.refunded_unit_count == header.unit_count;
  return all_back ? PurchaseState::kRefunded : PurchaseState::kPartiallyRefunded;
}

absl::Status CheckVersion(const PurchaseHeader& header, std::optional<int64_t> expected_version) {
  if (!expected_version.has_value() || *expected_version == header.version) {
    return absl::OkStatus();
  }
  return EtagMismatch("purchase", header.id.value(), *expected_version, header.version);
}

}  // namespace

int64_t RefundAmountMinor(const PurchaseLine& line, int64_t quantity) {
  return Share(line.gross_minor, line.refunded_quantity + quantity, line.quantity) -
         Share(line.gross_minor, line.refunded_quantity, line.quantity);
}

std::string CanonicalContent(const Refund& refund, std::optional<absl::Time> occur_time) {
  CanonicalText text;
  text.Text("refund.1").Number(occur_time.has_value() ? 1 : 0);
  if (occur_time.has_value()) text.Time(*occur_time);
  // The amount of a refund by lines is ours, not the caller's.
  text.Number(refund.lines.empty() ? refund.amount_minor : 0).Text(refund.reason);
  for (const RefundLine& line : refund.lines) {
    text.Number(line.line_number).Number(line.quantity);
  }
  return std::move(text).Take();
}

absl::StatusOr<RefundPlan> PlanRefund(const std::optional<PurchaseHeader>& header,
                                      absl::Span<const PurchaseLine> lines,
                                      const std::optional<std::string>& recorded_hash,
                                      const RefundCommand& command, absl::Time record_time) {
  // 1. What is it about, and is it known already?
  if (!header.has_value()) return PurchaseNotFound(command.customer_id, command.purchase_id);
  RefundPlan plan{
      .header = *header, .refund = command.refund, .event = {.currency = header->currency}};
  if (recorded_hash.has_value() && *recorded_hash == command.refund.content_hash) {
    plan.already_recorded = true;
    return plan;
  }
  CLIENTELE_RETURN_IF_ERROR(CheckLinesExist(*header, lines, command.refund));
  if (recorded_hash.has_value()) return RefundConflict(header->id, command.refund.refund_number);

  // 2. Does the purchase allow it, and is there enough left?
  CLIENTELE_RETURN_IF_ERROR(CheckVersion(*header, command.expected_version));
  if (header->state == PurchaseState::kCancelled) {
    return PurchaseStateForbids(header->id, header->state);
  }
  if (header->refund_count >= kRefundsMax) return TooManyRefunds(header->id, kRefundsMax);
  if (!command.refund.lines.empty()) CLIENTELE_RETURN_IF_ERROR(ApplyLines(lines, plan));
  CLIENTELE_RETURN_IF_ERROR(CheckAmountLeft(*header, plan.refund.amount_minor));

  // 3. Give it back.
  plan.refund.record_time = record_time;
  plan.header.refunded_minor += plan.refund.amount_minor;
  plan.refund.ordinal = ++plan.header.refund_count;
  ++plan.header.version;
  plan.header.state = StateAfterRefund(plan.header);
  plan.event = PurchaseRefunded{.purchase_id = header->id,
                                .refund_number = plan.refund.refund_number,
                                .currency = header->currency,
                                .amount_minor = plan.refund.amount_minor,
                                .refunded_minor = plan.header.refunded_minor,
                                .state = plan.header.state};
  return plan;
}

absl::StatusOr<CancelPlan> PlanCancel(const std::optional<PurchaseHeader>& header,
                                      const CancelCommand& command) {
  if (!header.has_value()) return PurchaseNotFound(command.customer_id, command.purchase_id);
  CLIENTELE_RETURN_IF_ERROR(CheckVersion(*header, command.expected_version));
  if (header->state != PurchaseState::kPlaced) {
    return PurchaseStateForbids(header->id, header->state);
  }

  CancelPlan plan{.header = *header,
                  .event = {.purchase_id = header->id,
                            .currency = header->currency,
                            .gross_minor = header->gross_minor}};
  plan.header.state = PurchaseState::kCancelled;
  plan.header.cancel_time = command.occur_time;
  ++plan.header.version;
  return plan;
}

}  // namespace clientele::profile
