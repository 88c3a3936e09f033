#include "common/feed/watch_session.h"

#include <utility>

#include "common/feed/errors.h"
#include "common/feed/event_converter.h"
#include "common/feed/limits.h"
#include "common/feed/registered_consumers.h"
#include "common/feed/resume_token.h"
#include "common/status/macros.h"

namespace clientele::feed {

using rpc::StreamStep;

WatchSession::WatchSession(std::string service_name, WatchPlan plan, sql::Database& database,
                           FeedNotifier& notifier, const Clock& clock)
    : service_name_(std::move(service_name)),
      plan_(std::move(plan)),
      database_(database),
      notifier_(notifier),
      clock_(clock),
      next_(plan_.after),
      silent_since_(clock.Now()) {}

void WatchSession::SetWaker(std::function<void()> wake) {
  subscription_ = notifier_.Subscribe(std::move(wake));
}

absl::StatusOr<StreamStep> WatchSession::Next(Response& response, bool draining) {
  if (is_last_sent_) {
    return StreamStep{.kind = StreamStep::Kind::kEnd};
  }
  if (draining) {
    is_last_sent_ = true;
    return Send(nullptr, response);
  }
  // 1. Read on.
  CLIENTELE_ASSIGN_OR_RETURN(const FeedPage page, ReadPage());
  if (!heads_.has_value()) {
    CLIENTELE_RETURN_IF_ERROR(Begin(page));
  }
  next_ = page.next;
  heads_ = page.heads;
  first_partition_ = (first_partition_ + 1) % kPartitionCount;

  // 2. Send what there is, or that there is nothing.
  is_last_sent_ = until_.has_value() && page.caught_up;
  const absl::Time now = clock_.Now();
  const bool says_there_is_nothing = !has_sent_ && page.caught_up;
  const absl::Time heartbeat_time =
      says_there_is_nothing ? now : silent_since_ + plan_.heartbeat_interval;
  if (!page.events.empty() || is_last_sent_ || now >= heartbeat_time) {
    return Send(&page, response);
  }

  // 3. Nothing matched so far: look further. All read: wait for more.
  return StreamStep{.kind = StreamStep::Kind::kWait,
                    .wait_max = page.caught_up ? heartbeat_time - now : absl::ZeroDuration()};
}

absl::StatusOr<FeedPage> WatchSession::ReadPage() {
  const FeedRead read{.after = next_,
                      .partitions = plan_.partitions,
                      .types = plan_.types,
                      .until = until_,
                      .first_partition = first_partition_};
  FeedPage page;
  const absl::Status status = database_.RunReadOnly(
      {.deadline = absl::Now() + kReadWaitMax}, [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(page, ReadFeed(tx, read));
        return absl::OkStatus();
      });
  CLIENTELE_RETURN_IF_ERROR(status);
  return page;
}

// What can only be said once the heads are known.
absl::Status WatchSession::Begin(const FeedPage& page) {
  if (!HasReached(page.heads, plan_.after, plan_.partitions)) {
    return InvalidResumeToken("is ahead of this feed");
  }
  if (plan_.stop_at_head) {
    until_ = page.heads;
  }
  if (plan_.consumer.empty()) {
    return absl::OkStatus();
  }
  return database_.RunInTransaction({.deadline = absl::Now() + kReadWaitMax}, [this](sql::Tx& tx) {
    return RegisterConsumer(tx, plan_.consumer, plan_.partitions, plan_.after);
  });
}

StreamStep WatchSession::Send(const FeedPage* page, Response& response) {
  if (page != nullptr) {
    for (const FeedEvent& event : page->events) {
      ToEventProto(service_name_, event, *response.add_events());
    }
  }
  response.set_next_resume_token(EncodeResumeToken(service_name_, next_));
  if (heads_.has_value()) {
    AppendPositionProtos(*heads_, AllPartitions(), *response.mutable_heads());
    const Positions& wanted = until_.has_value() ? *until_ : *heads_;
    response.set_caught_up(HasReached(next_, wanted, plan_.partitions));
  }
  silent_since_ = clock_.Now();
  has_sent_ = true;
  return StreamStep{.kind = StreamStep::Kind::kSend};
}

}  // namespace clientele::feed
