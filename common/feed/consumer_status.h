#ifndef COMMON_FEED_CONSUMER_STATUS_H_
#define COMMON_FEED_CONSUMER_STATUS_H_

// How a consumer of another service's feed is doing, for GetFeedHead, metrics and health.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/feed/positions.h"

namespace clientele::feed {

enum class ConsumerState {
  kConnecting,  // waiting for the lease or the source; this is normal and no reason to be unready
  kFollowing,   // on a stream
  kStopped,     // Stop was called
  kFailed,      // gave up for good; `error` says why: somebody must look at it
};

struct ConsumerStatus {
  std::string source;                    // "profile"
  Positions positions{};                 // the last ones whose effect this process has committed
  Positions source_heads{};              // the heads it last heard of
  std::optional<absl::Time> heard_time;  // when it last heard from the source; unset = never
  ConsumerState state = ConsumerState::kConnecting;
  absl::Status error;  // the last failure since the last message, or why it gave up
};

// One failure of a consumer, for logs.
struct ConsumerFailure {
  std::string source;  // "profile"
  absl::Status status;
  bool is_final = false;  // it gave up for good; else it tries again by itself
};

// Thread-safe.
class ConsumerStatusSource {
 public:
  virtual ~ConsumerStatusSource() = default;
  virtual ConsumerStatus Status() const = 0;
};

// OK, or why one of them has given up. A source that is away is no reason: what has been applied
// goes on being served.
absl::Status CheckConsumers(const std::vector<const ConsumerStatusSource*>& consumers);

}  // namespace clientele::feed

#endif  // COMMON_FEED_CONSUMER_STATUS_H_
