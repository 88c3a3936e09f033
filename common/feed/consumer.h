#ifndef COMMON_FEED_CONSUMER_H_
#define COMMON_FEED_CONSUMER_H_

// Follows another service's feed and applies its events exactly once.
//
// The position is stored in the transaction of the effect, compare-and-set on the old position, so
// a crash repeats or loses nothing. Reconnects with exponential backoff and jitter for as long as
// it runs; a hole in the positions stops the consumer and is reported as unhealthy.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "clientele/common/v1/event.pb.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::feed {

// What a consumer does with events. Called on the consumer's own thread, one call at a time.
class EventHandler {
 public:
  virtual ~EventHandler() = default;

  // Applies `events` (in feed order within each partition, at most 500, unknown types included:
  // skip those) in `tx`. An error rolls everything back; UNAVAILABLE is retried, anything else
  // stops the consumer. May be called again with the same events after a rollback.
  virtual absl::Status Apply(sql::Tx& tx,
                             absl::Span<const clientele::common::v1::Event> events) = 0;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_CONSUMER_H_
