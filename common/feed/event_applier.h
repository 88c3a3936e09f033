#ifndef COMMON_FEED_EVENT_APPLIER_H_
#define COMMON_FEED_EVENT_APPLIER_H_

// Applies the messages of a feed, each in one transaction with the positions it leads to: the
// consumer without its network.

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clientele/common/v1/event.pb.h"
#include "clientele/common/v1/event_service.pb.h"
#include "common/feed/consumer_share.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"

namespace clientele::feed {

// What a consumer does with events. Called on the consumer's own thread, one call at a time.
class EventHandler {
 public:
  virtual ~EventHandler() = default;

  // Applies `events` (in feed order within each partition, at most 500, unknown types included:
  // skip those) in `tx`. An error rolls everything back; UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED,
  // RESOURCE_EXHAUSTED (disk full) and OUTCOME_UNKNOWN are retried, anything else stops the
  // consumer. May be called again with the same events after a rollback. The feed repeats what an
  // export has told, as events with other ids: what is about the same thing has one effect.
  virtual absl::Status Apply(sql::Tx& tx,
                             absl::Span<const clientele::common::v1::Event> events) = 0;

  // What the last Apply did is committed, and a consumer that asks for the positions does not see
  // it yet: for what must not happen before, as telling a cache. Not called when the outcome of the
  // commit is unknown.
  virtual void OnCommitted() {}
};

// Where an export goes on, and for whom.
struct ExportTurn {
  PartitionSet partitions;
  std::string page_token;  // empty = it begins
};

// Thread safety: used by one thread at a time. References must outlive it.
class EventApplier {
 public:
  // `share` is this process among those that consume the feed.
  EventApplier(ConsumerShare share, sql::Database& database, EventHandler& handler);

  // Takes this process's share and reads its stored positions, or keeps what it has. False while
  // there is nothing for it: others have everything.
  absl::StatusOr<bool> Begin();

  // Of what this process has: where to resume, and what is committed. After Begin.
  const Positions& positions() const { return held_->place.positions; }
  // Those that have never had an event, and so hold nothing of the feed.
  PartitionSet untouched() const;
  // The partitions it has.
  PartitionSet partitions() const {
    return held_.has_value() ? held_->partitions() : PartitionSet();
  }

  // Applies one message of a feed watched without a type filter, from positions() and of
  // partitions(). Takes the events out of `message`; those applied before are skipped. DATA_LOSS
  // FEED_HOLE when an event or the token leaves some out; INVALID_ARGUMENT INVALID_RESUME_TOKEN
  // when the token is not the source's; the handler's and the database's errors. After an error
  // nothing is known: Begin anew.
  absl::Status Apply(clientele::common::v1::WatchEventsResponse& message);

  // An export that has begun and is not through: of the partitions that have come as far as the
  // first one of them has; nothing when there is none. After Begin.
  std::optional<ExportTurn> NextExport() const;

  // Applies one message of the export of `partitions`, as Apply does; the last one moves their
  // positions to where the watch begins. Takes the events out of `message`.
  absl::Status ApplyExport(const PartitionSet& partitions,
                           clientele::common::v1::ExportEventsResponse& message);

  // Keeps the share alive when that is due: call it after each message, heartbeats included. True
  // when the partitions are others now, and a new stream is needed. After an error Begin anew.
  absl::StatusOr<bool> Refresh();

  // Lets other processes go on at once, for a clean stop; having nothing is fine.
  absl::Status Release();

 private:
  absl::Status ApplyChecked(clientele::common::v1::WatchEventsResponse& message);
  absl::Status ApplyExportChecked(const PartitionSet& partitions,
                                  clientele::common::v1::ExportEventsResponse& message);
  // Commits the effect of `events` with what `move` does to the stored places, which leads to `to`.
  // The places come first: whoever has lost the fence ends before it does any work.
  absl::Status Commit(absl::Span<const clientele::common::v1::Event> events, ConsumerPlace to,
                      sql::TxCallback move);

  const ConsumerShare share_;
  sql::Database& database_;
  EventHandler& handler_;
  std::optional<Share> held_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_EVENT_APPLIER_H_
