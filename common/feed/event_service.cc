#include "common/feed/event_service.h"

#include <memory>
#include <utility>

#include "common/feed/consumer_positions.h"
#include "common/feed/event_converter.h"
#include "common/feed/feed_reader.h"
#include "common/feed/watch_request.h"
#include "common/feed/watch_session.h"
#include "common/status/macros.h"

namespace clientele::feed {

namespace v1 = clientele::common::v1;

EventService::EventService(rpc::CallPipeline& pipeline, EventServiceSources sources)
    : sources_(std::move(sources)), calls_(pipeline, "clientele.common.v1.EventService") {}

grpc::ServerWriteReactor<v1::WatchEventsResponse>* EventService::WatchEvents(
    grpc::CallbackServerContext* context, const v1::WatchEventsRequest* request) {
  using Session = std::unique_ptr<rpc::ServerStreamSession<v1::WatchEventsResponse>>;
  return calls_.ServerStream<v1::WatchEventsRequest, v1::WatchEventsResponse>(
      "WatchEvents", context, request,
      [this](rpc::CallContext&, const v1::WatchEventsRequest& r) -> absl::StatusOr<Session> {
        CLIENTELE_ASSIGN_OR_RETURN(
            WatchPlan plan, ValidateWatchEvents(sources_.service_name, sources_.event_types, r));
        return std::make_unique<WatchSession>(sources_.service_name, std::move(plan),
                                              sources_.database, sources_.notifier, sources_.clock);
      });
}

grpc::ServerUnaryReactor* EventService::GetFeedHead(grpc::CallbackServerContext* context,
                                                    const v1::GetFeedHeadRequest* request,
                                                    v1::FeedHead* response) {
  return calls_.Unary("GetFeedHead", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetFeedHeadRequest&) {
                        return ReadFeedHead(call.deadline);
                      });
}

absl::StatusOr<v1::FeedHead> EventService::ReadFeedHead(absl::Time deadline) const {
  v1::FeedHead head;
  const absl::Status status =
      sources_.database.RunReadOnly({.deadline = deadline}, [&](sql::Tx& tx) -> absl::Status {
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
            *out.mutable_heard_time() = ToTimestampProto(*known.heard_time);
          }
        }
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(status);
  return head;
}

}  // namespace clientele::feed
