#ifndef COMMON_FEED_REGISTERED_CONSUMERS_H_
#define COMMON_FEED_REGISTERED_CONSUMERS_H_

// The readers of a feed that it keeps events for, in the source's own database.
//
// A reader registers by saying how far it is durable, partition by partition, and says so again
// from time to time. Silence ends a registration: who is gone for good must not hold the feed for
// ever. Thread safety: pure functions over a transaction.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"

namespace clientele::feed {

struct RegisteredConsumer {
  std::string name;
  PartitionSet partitions;  // those it has spoken of
  Positions positions{};    // of these: everything up to there is durable on its side
  absl::Time seen_time;     // when it last spoke, for the partition where that is longest ago
};

// Notes what `name` says about `partitions` now; what it has said before is overwritten, also when
// it was more: a reader that begins anew needs everything again. RESOURCE_EXHAUSTED
// TOO_MANY_FEED_CONSUMERS beside kFeedConsumersMax others.
absl::Status RegisterConsumer(sql::Tx& tx, absl::string_view name, const PartitionSet& partitions,
                              const Positions& positions);

// All of them, in order of name.
absl::StatusOr<std::vector<RegisteredConsumer>> ListRegisteredConsumers(sql::Tx& tx);

// Forgets what was said more than `silence_max` ago, by the database's clock.
absl::Status ForgetSilentConsumers(sql::Tx& tx, absl::Duration silence_max);

}  // namespace clientele::feed

#endif  // COMMON_FEED_REGISTERED_CONSUMERS_H_
