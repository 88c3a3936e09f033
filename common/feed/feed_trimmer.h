#ifndef COMMON_FEED_FEED_TRIMMER_H_
#define COMMON_FEED_FEED_TRIMMER_H_

// Deletes the oldest events of a feed: those that are old enough and that every registered consumer
// has had. Readers who come too late are told so (RESUME_TOKEN_EXPIRED).

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/database.h"

namespace clientele::feed {

struct FeedRetention {
  // How long an event is kept after its record time; infinite = for ever.
  absl::Duration keep = absl::InfiniteDuration();
  // How long a registered consumer may be silent before nothing is kept for it any more.
  absl::Duration consumer_silence_max = absl::Hours(24 * 7);
};

// One round: forgets silent consumers, then deletes from the tail of each partition, kTrimBatchMax
// events to a transaction and at most kTrimTransactionsMax of these; answers how many events it
// deleted. The last event of a partition always stays, and an event stays as long as one before it
// does. All times are the database's. Several processes may do it at once. DATA_LOSS FEED_HOLE when
// the events to delete have a hole: it stays for somebody to look at.
absl::StatusOr<int64_t> TrimFeed(sql::Database& database, const FeedRetention& retention);

}  // namespace clientele::feed

#endif  // COMMON_FEED_FEED_TRIMMER_H_
