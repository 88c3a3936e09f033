#include "common/feed/event_applier.h"

#include <algorithm>
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
using clientele::common::v1::ExportEventsResponse;
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
  const Positions& from = held_->place.positions;
  CLIENTELE_ASSIGN_OR_RETURN(const News news, TakeNews(share_.source(), from, message));
  if (news.events.empty()) {
    return absl::OkStatus();
  }
  ConsumerPlace to = held_->place;
  to.positions = news.to;
  return Commit(news.events, std::move(to), [&](sql::Tx& tx) {
    return MoveConsumerPositions(tx, share_.source(), from, news.to, held_->fences);
  });
}

PartitionSet EventApplier::untouched() const {
  PartitionSet untouched = partitions();
  for (int p = 0; p < kPartitionCount; ++p) {
    untouched.set(p, untouched[p] && held_->place.positions[p] == 0);
  }
  return untouched;
}

std::optional<ExportTurn> EventApplier::NextExport() const {
  std::optional<ExportTurn> turn;
  for (int p = 0; p < kPartitionCount; ++p) {
    const std::string& page_token = held_->place.page_tokens[p];
    if (!turn.has_value() && !page_token.empty()) {
      turn = ExportTurn{.partitions = {}, .page_token = page_token};
    }
    if (turn.has_value() && page_token == turn->page_token) {
      turn->partitions.set(p);
    }
  }
  return turn;
}

absl::Status EventApplier::ApplyExport(const PartitionSet& partitions,
                                       ExportEventsResponse& message) {
  CLIENTELE_CHECK(held_.has_value());
  absl::Status status = ApplyExportChecked(partitions, message);
  if (!status.ok()) {
    held_.reset();  // as above
  }
  return status;
}

absl::Status EventApplier::ApplyExportChecked(const PartitionSet& partitions,
                                              ExportEventsResponse& message) {
  CLIENTELE_ASSIGN_OR_RETURN(const Positions start,
                             DecodeResumeToken(share_.source(), message.resume_token()));
  const bool is_through = message.next_page_token().empty();
  ConsumerPlace to = held_->place;
  for (int p = 0; p < kPartitionCount; ++p) {
    if (partitions[p]) {
      to.page_tokens[p] = message.next_page_token();
      // Never back: a server that knows no exports may have gone on by the feed meanwhile.
      to.positions[p] = is_through ? std::max(start[p], to.positions[p]) : to.positions[p];
    }
  }
  std::vector<Event> events;
  events.reserve(message.events_size());
  for (Event& event : *message.mutable_events()) {
    events.push_back(std::move(event));
  }
  const ConsumerPlace& from = held_->place;
  return Commit(events, to, [&](sql::Tx& tx) {
    return MoveExportPlaces(tx, share_.source(), partitions, from, to, held_->fences);
  });
}

absl::Status EventApplier::Commit(absl::Span<const Event> events, ConsumerPlace to,
                                  sql::TxCallback move) {
  const absl::Status status =
      database_.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_RETURN_IF_ERROR(move(tx));
        return events.empty() ? absl::OkStatus() : handler_.Apply(tx, events);
      });
  CLIENTELE_RETURN_IF_ERROR(status);
  if (!events.empty()) {
    handler_.OnCommitted();
  }
  held_->place = std::move(to);
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
