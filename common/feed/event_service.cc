#include "common/feed/event_service.h"

#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "common/feed/consumer_positions.h"
#include "common/feed/errors.h"
#include "common/feed/event_converter.h"
#include "common/feed/export_session.h"
#include "common/feed/feed_reader.h"
#include "common/feed/registered_consumers.h"
#include "common/feed/resume_token.h"
#include "common/feed/watch_request.h"
#include "common/feed/watch_session.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"

namespace clientele::feed {

namespace v1 = clientele::common::v1;

EventService::EventService(rpc::CallPipeline& pipeline, EventServiceSources sources)
    : GrpcService(pipeline, "clientele.common.v1.EventService"), sources_(std::move(sources)) {
  using Session = std::unique_ptr<rpc::ServerStreamSession<v1::WatchEventsResponse>>;
  AddServerStream<v1::WatchEventsRequest, v1::WatchEventsResponse>(
      "WatchEvents",
      [this](rpc::CallContext&, const v1::WatchEventsRequest& r) -> absl::StatusOr<Session> {
        CLIENTELE_ASSIGN_OR_RETURN(
            WatchPlan plan, ValidateWatchEvents(sources_.service_name, sources_.event_types, r));
        return std::make_unique<WatchSession>(sources_.service_name, std::move(plan),
                                              sources_.database, sources_.notifier, sources_.clock);
      });
  using ExportStream = std::unique_ptr<rpc::ServerStreamSession<v1::ExportEventsResponse>>;
  AddServerStream<v1::ExportEventsRequest, v1::ExportEventsResponse>(
      "ExportEvents",
      [this](rpc::CallContext&, const v1::ExportEventsRequest& r) -> absl::StatusOr<ExportStream> {
        CLIENTELE_ASSIGN_OR_RETURN(ExportPlan plan, ValidateExportEvents(sources_.service_name, r));
        if (sources_.exporter == nullptr) {
          return EventsNotExported(sources_.service_name);
        }
        return std::make_unique<ExportSession>(sources_.service_name, std::move(plan),
                                               sources_.database, *sources_.exporter);
      });
  AddUnary("GetFeedHead", *this, &EventService::GetFeedHead);
}

absl::StatusOr<v1::FeedHead> EventService::GetFeedHead(rpc::CallContext& call,
                                                       const v1::GetFeedHeadRequest&) const {
  return sql::ReadIn(sources_.database,
                     {.deadline = call.deadline, .is_cancelled = call.is_cancelled},
                     [this](sql::Tx& tx) { return ReadFeedHead(tx); });
}

absl::StatusOr<v1::FeedHead> EventService::ReadFeedHead(sql::Tx& tx) const {
  v1::FeedHead head;
  // First the outbox: what leaves it meanwhile is in the heads then.
  CLIENTELE_ASSIGN_OR_RETURN(const OutboxBacklog backlog,
                             ReadOutboxBacklog(tx, sources_.clock.Now()));
  head.set_outbox_count(backlog.count);
  if (backlog.oldest_record_time.has_value()) {
    *head.mutable_outbox_record_time() = ToTimestamp(*backlog.oldest_record_time);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const FeedBounds bounds, ReadFeedBounds(tx));
  AppendPositionProtos(bounds.heads, AllPartitions(), *head.mutable_heads());
  AppendPositionProtos(bounds.oldest, AllPartitions(), *head.mutable_oldest());
  Positions before_oldest{};
  absl::c_transform(bounds.oldest, before_oldest.begin(), [](int64_t p) { return p - 1; });
  head.set_oldest_resume_token(EncodeResumeToken(sources_.service_name, before_oldest));
  for (const ConsumerStatusSource* consumer : sources_.consumers) {
    const ConsumerStatus known = consumer->Status();
    // From the database, not from memory: another replica may be the one that consumes.
    CLIENTELE_ASSIGN_OR_RETURN(const Positions positions, ReadConsumerPositions(tx, known.source));
    v1::FeedHead::ConsumerPosition& out = *head.add_consumers();
    out.set_source(known.source);
    AppendPositionProtos(positions, AllPartitions(), *out.mutable_positions());
    AppendPositionProtos(known.source_heads, AllPartitions(), *out.mutable_source_heads());
    if (known.heard_time.has_value()) {
      *out.mutable_heard_time() = ToTimestamp(*known.heard_time);
    }
  }
  CLIENTELE_ASSIGN_OR_RETURN(const auto registered, ListRegisteredConsumers(tx));
  for (const RegisteredConsumer& consumer : registered) {
    v1::FeedHead::RegisteredConsumer& out = *head.add_registered_consumers();
    out.set_name(consumer.name);
    AppendPositionProtos(consumer.positions, consumer.partitions, *out.mutable_positions());
    *out.mutable_seen_time() = ToTimestamp(consumer.seen_time);
  }
  return head;
}

}  // namespace clientele::feed
