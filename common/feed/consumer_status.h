#ifndef COMMON_FEED_CONSUMER_STATUS_H_
#define COMMON_FEED_CONSUMER_STATUS_H_

// How a consumer of another service's feed is doing, for GetFeedHead, metrics and health.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/feed/positions.h"

namespace clientele::feed {

enum class ConsumerState {
  kConnecting,  // waiting for partitions or the source; this is normal, no reason to be unready
  kExporting,   // bootstraps: on a stream of what is there already, not of what happens
  kFollowing,   // on a stream
  kStopped,     // Stop was called
  kFailed,      // gave up for good; `error` says why: somebody must look at it
};

struct ConsumerStatus {
  std::string source;                    // "profile"
  PartitionSet partitions;               // those this process consumes, other replicas the rest
  Positions positions{};                 // of these: the last ones whose effect it has committed
  Positions source_heads{};              // the heads it last heard of, of all partitions
  absl::Time start_time;                 // when it came to its partitions
  std::optional<absl::Time> heard_time;  // when it last heard from the source; unset = never
  // When the oldest event that it has heard of and may not have applied was recorded; unset = it
  // has applied everything up to source_heads.
  std::optional<absl::Time> pending_record_time;
  ConsumerState state = ConsumerState::kConnecting;
  absl::Status error;  // the last failure since the last message, or why it gave up
};

// One failure of a consumer, for logs.
struct ConsumerFailure {
  std::string source;  // "profile"
  absl::Status status;
  bool is_final = false;  // it gave up for good; else it tries again by itself
};

// A consumer's way through an export of its source, for logs.
struct ConsumerBootstrap {
  enum class Phase {
    kBegun,    // events it has not had are no longer kept, so it begins with what is there now
    kResumed,  // goes on after a break
    kDone,     // from here on it watches
  };
  std::string source;  // "profile"
  Phase phase = Phase::kBegun;
  PartitionSet partitions;
  int64_t event_count = 0;  // applied by this process so far
};

// Thread-safe.
class ConsumerStatusSource {
 public:
  virtual ~ConsumerStatusSource() = default;
  virtual ConsumerStatus Status() const = 0;
};

// How far behind its source a consumer may be at `now`, by what it has heard: 0 when it has applied
// everything and is on a stream, else since when something is pending, or since it last heard or
// came to its partitions, whatever is later. Unset when it has none.
std::optional<absl::Duration> LagTime(const ConsumerStatus& status, absl::Time now);

// How many events its source is ahead, as far as it has heard. Unset when it does not know where
// the source is: it has heard nothing since it began.
std::optional<int64_t> LagEvents(const ConsumerStatus& status);

// OK, or why one of them has given up. A source that is away is no reason: what has been applied
// goes on being served.
absl::Status CheckConsumers(const std::vector<const ConsumerStatusSource*>& consumers);

}  // namespace clientele::feed

#endif  // COMMON_FEED_CONSUMER_STATUS_H_
