#include "common/feed/event_service.h"

#include <memory>
#include <utility>

#include "common/feed/consumer_positions.h"
#include "common/feed/event_converter.h"
#include "common/feed/feed_reader.h"
#include "common/feed/watch_request.h"
#include "common/feed/watch_session.h"
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
  AddUnary("GetFeedHead", *this, &EventService::GetFeedHead);
}

absl::StatusOr<v1::FeedHead> EventService::GetFeedHead(rpc::CallContext& call,
                                                       const v1::GetFeedHeadRequest&) const {
  v1::FeedHead head;
  const absl::Status status =
      sources_.database.RunReadOnly({.deadline = call.deadline}, [&](sql::Tx& tx) -> absl::Status {
        head.Clear();
        CLIENTELE_ASSIGN_OR_RETURN(const Positions heads, ReadHeads(tx));
        CLIENTELE_ASSIGN_OR_RETURN(const OutboxBacklog backlog,
                                   ReadOutboxBacklog(tx, sources_.clock.Now()));
        AppendPositionProtos(heads, AllPartitions(), *head.mutable_heads());
        head.set_outbox_count(backlog.count);
        for (const ConsumerStatusSource* consumer : sources_.consumers) {
          const ConsumerStatus known = consumer->Status();
          // From the database, not from memory: another replica may be the one that consumes.
          CLIENTELE_ASSIGN_OR_RETURN(const Positions positions,
                                     ReadConsumerPositions(tx, known.source));
          v1::FeedHead::ConsumerPosition& out = *head.add_consumers();
          out.set_source(known.source);
          AppendPositionProtos(positions, AllPartitions(), *out.mutable_positions());
          AppendPositionProtos(known.source_heads, AllPartitions(), *out.mutable_source_heads());
          if (known.heard_time.has_value()) {
            *out.mutable_heard_time() = ToTimestamp(*known.heard_time);
          }
        }
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(status);
  return head;
}

}  // namespace clientele::feed
