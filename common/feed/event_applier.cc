#include "common/feed/event_applier.h"

#include <string>
#include <utility>
#include <vector>

#include "common/feed/consumer_positions.h"
#include "common/feed/errors.h"
#include "common/feed/resume_token.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

using clientele::common::v1::Event;
using clientele::common::v1::WatchEventsResponse;

// What a message adds to what is applied already.
struct News {
  std::vector<Event> events;
  Positions to{};
};

// Takes the events behind `from` out of `message`; what was applied before (delivery is at least
// once) is left out, and nothing may be missing.
absl::StatusOr<News> TakeNews(absl::string_view source, const Positions& from,
                              WatchEventsResponse& message) {
  News news{.to = from};
  for (Event& event : *message.mutable_events()) {
    if (event.partition() < 0 || event.partition() >= kPartitionCount) {
      return FeedHole(event.partition(), event.position());
    }
    int64_t& position = news.to[event.partition()];
    if (event.position() > position + 1) {
      return FeedHole(event.partition(), position + 1);
    }
    if (event.position() == position + 1) {
      ++position;
      news.events.push_back(std::move(event));
    }
  }
  CLIENTELE_ASSIGN_OR_RETURN(const Positions promised,
                             DecodeResumeToken(source, message.next_resume_token()));
  for (int p = 0; p < kPartitionCount; ++p) {
    if (promised[p] > news.to[p]) {
      return FeedHole(p, news.to[p] + 1);
    }
  }
  return news;
}

}  // namespace

EventApplier::EventApplier(ConsumerShare share, sql::Database& database, EventHandler& handler)
    : share_(std::move(share)), database_(database), handler_(handler) {}

absl::StatusOr<bool> EventApplier::Begin() {
  if (!held_.has_value()) {
    held_ = Share{.refresh_time = absl::InfinitePast()};
  }
  CLIENTELE_RETURN_IF_ERROR(Refresh().status());
  return partitions().any();
}

absl::StatusOr<bool> EventApplier::Refresh() {
  CLIENTELE_CHECK(held_.has_value());
  if (!share_.IsDue(*held_)) {
    return false;
  }
  const absl::StatusOr<Share> refreshed = sql::WriteIn(
      database_, sql::BackgroundTx(), [this](sql::Tx& tx) { return share_.Refresh(tx, *held_); });
  if (!refreshed.ok()) {
    held_.reset();  // the commit may have happened all the same
    return refreshed.status();
  }
  const bool has_changed = refreshed->partitions() != held_->partitions();
  held_ = *refreshed;
  return has_changed;
}

absl::Status EventApplier::Apply(WatchEventsResponse& message) {
  CLIENTELE_CHECK(held_.has_value());
  absl::Status status = ApplyChecked(message);
  if (!status.ok()) {
    held_.reset();  // as above
  }
  return status;
}

absl::Status EventApplier::ApplyChecked(WatchEventsResponse& message) {
  CLIENTELE_ASSIGN_OR_RETURN(const News news, TakeNews(share_.source(), held_->positions, message));
  if (news.events.empty()) {
    return absl::OkStatus();
  }
  const absl::Status status =
      database_.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
        // The positions first: whoever has lost the fence ends before it does any work.
        CLIENTELE_RETURN_IF_ERROR(
            MoveConsumerPositions(tx, share_.source(), held_->positions, news.to, held_->fences));
        return handler_.Apply(tx, news.events);
      });
  CLIENTELE_RETURN_IF_ERROR(status);
  handler_.OnCommitted();
  held_->positions = news.to;
  return absl::OkStatus();
}

absl::Status EventApplier::Release() {
  if (!held_.has_value()) {
    return absl::OkStatus();
  }
  const Share held = *std::exchange(held_, std::nullopt);
  return database_.RunInTransaction(sql::BackgroundTx(),
                                    [&](sql::Tx& tx) { return share_.Leave(tx, held); });
}

}  // namespace clientele::feed
