#ifndef COMMON_FEED_EVENT_SERVICE_H_
#define COMMON_FEED_EVENT_SERVICE_H_

// clientele.common.v1.EventService: the feed of one service for everybody outside it.
//
// Thread safety: thread-safe. What the constructor takes by reference or pointer must outlive it
// and its streams.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clientele/common/v1/event_service.pb.h"
#include "common/feed/consumer_status.h"
#include "common/feed/event_exporter.h"
#include "common/feed/feed_notifier.h"
#include "common/rpc/grpc_service.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::feed {

// What an EventService serves from.
struct EventServiceSources {
  std::string service_name;  // "profile"
  sql::Database& database;
  FeedNotifier& notifier;
  const Clock& clock;  // the machine's: heartbeats
  std::vector<const ConsumerStatusSource*> consumers;
  std::vector<std::string> event_types;  // every type the feed may hold; a watch for others fails
  const EventExporter* exporter = nullptr;  // null: ExportEvents is refused
};

class EventService final : public rpc::GrpcService {
 public:
  EventService(rpc::CallPipeline& pipeline, EventServiceSources sources);

 private:
  absl::StatusOr<clientele::common::v1::FeedHead> GetFeedHead(
      rpc::CallContext& call, const clientele::common::v1::GetFeedHeadRequest& request) const;
  absl::StatusOr<clientele::common::v1::FeedHead> ReadFeedHead(sql::Tx& tx) const;

  const EventServiceSources sources_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_EVENT_SERVICE_H_
