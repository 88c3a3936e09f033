#ifndef COMMON_FEED_EVENT_APPLIER_H_
#define COMMON_FEED_EVENT_APPLIER_H_

// Applies the messages of a feed, each in one transaction with the positions it leads to: the
// consumer without its network.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clientele/common/v1/event.pb.h"
#include "clientele/common/v1/event_service.pb.h"
#include "common/feed/lease.h"
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
  // consumer. May be called
  // again with the same events after a rollback.
  virtual absl::Status Apply(sql::Tx& tx,
                             absl::Span<const clientele::common::v1::Event> events) = 0;

  // What the last Apply did is committed, and a consumer that asks for the positions does not see
  // it yet: for what must not happen before, as telling a cache. Not called when the outcome of the
  // commit is unknown.
  virtual void OnCommitted() {}
};

// Thread safety: used by one thread at a time. References must outlive it.
class EventApplier {
 public:
  // `source` names the feed ("profile"); `lease` guards its consumption.
  EventApplier(std::string source, Lease lease, sql::Database& database, EventHandler& handler);

  // Takes the lease and reads the stored positions, unless it has them. False while another process
  // holds the lease.
  absl::StatusOr<bool> Begin();

  // Where to resume, and what is committed. After Begin.
  const Positions& positions() const { return claim_->positions; }

  // Applies one message of a feed watched without a type filter, and keeps the lease alive. Takes
  // the events out of `message`; those applied before are skipped. DATA_LOSS FEED_HOLE when an
  // event or the token leaves some out; INVALID_ARGUMENT INVALID_RESUME_TOKEN when the token is not
  // the source's; the handler's and the database's errors. After an error nothing is known: Begin
  // anew.
  absl::Status Apply(clientele::common::v1::WatchEventsResponse& message);

  // Lets another process go on at once, for a clean stop; having no lease is fine.
  absl::Status Release();

 private:
  struct Claim {
    LeaseGrant grant;
    Positions positions{};
  };

  absl::Status ApplyChecked(clientele::common::v1::WatchEventsResponse& message);

  const std::string source_;
  const Lease lease_;
  sql::Database& database_;
  EventHandler& handler_;
  std::optional<Claim> claim_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_EVENT_APPLIER_H_
