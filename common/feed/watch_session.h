#ifndef COMMON_FEED_WATCH_SESSION_H_
#define COMMON_FEED_WATCH_SESSION_H_

// One WatchEvents stream: catches up, then follows live; holds no thread between messages.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/common/v1/event_service.pb.h"
#include "common/feed/feed_notifier.h"
#include "common/feed/feed_reader.h"
#include "common/feed/positions.h"
#include "common/feed/watch_request.h"
#include "common/rpc/stream_session.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::feed {

// Thread safety: as ServerStreamSession. The references must outlive it.
class WatchSession final
    : public rpc::ServerStreamSession<clientele::common::v1::WatchEventsResponse> {
 public:
  WatchSession(std::string service_name, WatchPlan plan, sql::Database& database,
               FeedNotifier& notifier, const Clock& clock);

  void SetWaker(std::function<void()> wake) override;

  // Sends events as soon as there are some, the state of things once at the start when there are
  // none, and a heartbeat after each silent interval, also while it looks for the first match.
  // Registers the plan's consumer when it has read for the first time. ReadFeed's errors;
  // INVALID_ARGUMENT INVALID_RESUME_TOKEN when the token is ahead of the feed; RegisterConsumer's;
  // the database's errors.
  absl::StatusOr<rpc::StreamStep> Next(clientele::common::v1::WatchEventsResponse& response,
                                       bool draining) override;

 private:
  using Response = clientele::common::v1::WatchEventsResponse;

  absl::StatusOr<FeedPage> ReadPage();
  absl::Status Begin(const FeedPage& page);
  rpc::StreamStep Send(const FeedPage* page, Response& response);

  const std::string service_name_;
  const WatchPlan plan_;
  sql::Database& database_;
  FeedNotifier& notifier_;
  const Clock& clock_;
  std::unique_ptr<FeedNotifier::Subscription> subscription_;

  Positions next_;                  // where to read on: everything before has been sent or skipped
  std::optional<Positions> heads_;  // as last read; unset before the first read
  std::optional<Positions> until_;  // with stop_at_head: the heads at the start
  absl::Time silent_since_;  // the last message, before the first one the start of the stream
  bool has_sent_ = false;
  int first_partition_ = 0;
  bool is_last_sent_ = false;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_WATCH_SESSION_H_
