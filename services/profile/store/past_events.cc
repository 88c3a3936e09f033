#include "services/profile/store/past_events.h"

#include <limits>
#include <utility>
#include <variant>

#include "common/status/macros.h"
#include "services/profile/store/purchase_rows.h"
#include "services/profile/store/sql_export.h"

namespace clientele::profile {
namespace {

PastPosition PositionFromRow(const sql::Row& row) {
  return {.customer_id = std::string(row.Text(0)),
          .feed_seq = row.Int64(1),
          .record_us = row.Int64(2),
          .kind = row.Int64(3),
          .purchase_id = std::string(row.Text(4)),
          .refund_number = std::string(row.Text(5))};
}

CustomerCreated CreatedFromRow(const sql::Row& row) {
  return {.kind = static_cast<CustomerKind>(row.Int64(16)),
          .source_system = std::string(row.Text(7)),
          .version = row.Int64(18)};
}

CustomerUpdated UpdatedFromRow(const sql::Row& row) {
  return {.state = static_cast<CustomerState>(row.Int64(15)),
          .commercial_status = static_cast<CommercialStatus>(row.Int64(17)),
          .changed_fields = {},
          .version = row.Int64(18)};
}

PurchaseRecorded RecordedFromRow(const sql::Row& row, CurrencyCode currency) {
  return {.purchase_id = PurchaseId(row.Text(4)),
          .source_system = std::string(row.Text(7)),
          .currency = currency,
          .gross_minor = row.Int64(9),
          .line_count = static_cast<int32_t>(row.Int64(11)),
          .channel = std::string(row.Text(12)),
          .store = std::string(row.Text(13)),
          .region = std::string(row.Text(14))};
}

PurchaseRefunded RefundedFromRow(const sql::Row& row, CurrencyCode currency) {
  return {.purchase_id = PurchaseId(row.Text(4)),
          .refund_number = std::string(row.Text(5)),
          .currency = currency,
          .amount_minor = row.Int64(9),
          .refunded_minor = row.Int64(10),
          .state = static_cast<PurchaseState>(row.Int64(15))};
}

absl::StatusOr<EventBody> BodyFromRow(const sql::Row& row) {
  const auto kind = static_cast<PastEventKind>(row.Int64(3));
  if (kind == PastEventKind::kCreated) {
    return CreatedFromRow(row);
  }
  if (kind == PastEventKind::kState) {
    return UpdatedFromRow(row);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const CurrencyCode currency, StoredCurrency(row.Text(8)));
  if (kind == PastEventKind::kRecorded) {
    return RecordedFromRow(row, currency);
  }
  if (kind == PastEventKind::kRefunded) {
    return RefundedFromRow(row, currency);
  }
  return PurchaseCancelled{
      .purchase_id = PurchaseId(row.Text(4)), .currency = currency, .gross_minor = row.Int64(9)};
}

absl::StatusOr<PastEvent> PastEventFromRow(const sql::Row& row) {
  CLIENTELE_ASSIGN_OR_RETURN(EventBody body, BodyFromRow(row));
  const bool is_creation = std::holds_alternative<CustomerCreated>(body);
  return PastEvent{.event = {.customer_id = CustomerId(row.Text(0)),
                             .feed_seq = is_creation ? 1 : row.Int64(1),
                             .occur_time = absl::FromUnixMicros(row.Int64(6)),
                             .body = std::move(body)},
                   .record_time = absl::FromUnixMicros(row.Int64(2))};
}

// The customers that a page may span.
struct Span {
  std::string last_customer_id;
  bool has_more = false;  // behind it
};

absl::StatusOr<std::optional<Span>> FindSpan(sql::Tx& tx, absl::string_view first_customer_id) {
  std::optional<Span> span;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(
      kFindExportEnd, {first_customer_id, int64_t{kExportCustomersMax}}, [&](const sql::Row& row) {
        if (!row.IsNull(0)) {
          span = Span{.last_customer_id = std::string(row.Text(0)),
                      .has_more = row.Int64(1) == kExportCustomersMax};
        }
        return absl::OkStatus();
      }));
  return span;
}

}  // namespace

absl::StatusOr<PastEvents> ReadPastEvents(sql::Tx& tx, const PastPosition& after, int count_max) {
  PastEvents past;
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Span> span, FindSpan(tx, after.customer_id));
  if (!span.has_value()) {
    return past;
  }
  PastPosition last = after;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectPastEvents,
               {absl::string_view(after.customer_id), after.feed_seq, after.record_us, after.kind,
                absl::string_view(after.purchase_id), absl::string_view(after.refund_number),
                absl::string_view(span->last_customer_id), int64_t{count_max}},
               [&](const sql::Row& row) -> absl::Status {
                 CLIENTELE_ASSIGN_OR_RETURN(PastEvent event, PastEventFromRow(row));
                 past.events.push_back(std::move(event));
                 last = PositionFromRow(row);
                 return absl::OkStatus();
               }));
  if (past.events.size() == static_cast<size_t>(count_max)) {
    past.next = std::move(last);
  } else if (span->has_more) {
    past.next = PastPosition{.customer_id = span->last_customer_id,
                             .feed_seq = std::numeric_limits<int64_t>::max()};
  }
  return past;
}

}  // namespace clientele::profile
