#include "common/feed/export_session.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/feed/errors.h"
#include "common/feed/event_converter.h"
#include "common/feed/feed_reader.h"
#include "common/feed/limits.h"
#include "common/feed/registered_consumers.h"
#include "common/feed/request_fields.h"
#include "common/feed/resume_token.h"
#include "common/ids/stable_hash.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/status/merge_violations.h"

namespace clientele::feed {

using clientele::common::v1::ExportEventsRequest;
using clientele::common::v1::ExportEventsResponse;
using rpc::StreamStep;

absl::StatusOr<ExportPlan> ValidateExportEvents(absl::string_view service_name,
                                                const ExportEventsRequest& request) {
  ExportPlan plan;
  Violations violations;
  plan.partitions = ReadPartitions(request.partitions(), violations);
  plan.consumer = ReadConsumerName(request.consumer(), violations);
  absl::Status place_status;
  if (!request.page_token().empty()) {
    absl::StatusOr<ExportPlace> place = DecodeExportToken(service_name, request.page_token());
    place_status = place.status();
    if (place.ok()) {
      plan.place = *std::move(place);
    }
  }
  CLIENTELE_RETURN_IF_ERROR(MergeViolations(violations, {place_status}));
  return plan;
}

ExportSession::ExportSession(std::string service_name, ExportPlan plan, sql::Database& database,
                             const EventExporter& exporter)
    : service_name_(std::move(service_name)),
      plan_(std::move(plan)),
      database_(database),
      exporter_(exporter) {}

absl::StatusOr<StreamStep> ExportSession::Next(ExportEventsResponse& response, bool draining) {
  if (is_through_ || draining) {
    return StreamStep{.kind = StreamStep::Kind::kEnd};
  }
  const sql::TxOptions tx_options{.deadline = absl::Now() + kReadWaitMax};
  if (!place_.has_value()) {
    const auto begin = [this](sql::Tx& tx) { return Begin(tx); };
    CLIENTELE_ASSIGN_OR_RETURN(place_, plan_.consumer.empty()
                                           ? sql::ReadIn(database_, tx_options, begin)
                                           : sql::WriteIn(database_, tx_options, begin));
  } else {
    CLIENTELE_ASSIGN_OR_RETURN(ExportPage page,
                               sql::ReadIn(database_, tx_options, [this](sql::Tx& tx) {
                                 return exporter_.ReadPage(tx, place_->cursor);
                               }));
    AppendEvents(page, response);
    is_through_ = page.cursor.empty();
    place_->cursor = std::move(page.cursor);
  }
  if (!is_through_) {
    response.set_next_page_token(EncodeExportToken(service_name_, *place_));
  }
  response.set_resume_token(EncodeResumeToken(service_name_, place_->start));
  return StreamStep{.kind = StreamStep::Kind::kSend};
}

// The heads are read before any page, in a transaction of their own: what a page does not see has
// been committed later, and so gets a position behind them.
absl::StatusOr<ExportPlace> ExportSession::Begin(sql::Tx& tx) const {
  CLIENTELE_ASSIGN_OR_RETURN(const FeedBounds bounds, ReadFeedBounds(tx));
  const ExportPlace place = plan_.place.value_or(ExportPlace{.start = bounds.heads, .cursor = ""});
  if (!HasReached(bounds.heads, place.start, plan_.partitions)) {
    return InvalidExportToken("is ahead of this feed");
  }
  CLIENTELE_RETURN_IF_ERROR(CheckIsKept(bounds, place.start, plan_.partitions));
  if (!plan_.consumer.empty()) {
    CLIENTELE_RETURN_IF_ERROR(RegisterConsumer(tx, plan_.consumer, plan_.partitions, place.start));
  }
  return place;
}

void ExportSession::AppendEvents(const ExportPage& page, ExportEventsResponse& response) const {
  for (const OutboxEvent& event : page.events) {
    const int partition = PartitionOf(event.customer_id);
    if (plan_.partitions[partition]) {
      ToEventProto(service_name_, {partition, place_->start[partition], event},
                   *response.add_events());
    }
  }
}

}  // namespace clientele::feed
