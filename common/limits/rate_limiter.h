#ifndef COMMON_LIMITS_RATE_LIMITER_H_
#define COMMON_LIMITS_RATE_LIMITER_H_

// Limits how much each principal may ask for, over all replicas, without a round trip per call.
//
// A replica leases tokens from the shared bucket by the chunk and spends them alone; when the
// bucket has none, it does not ask again before there can be some. While the shared buckets are
// away it limits by a bucket of its own: each replica then grants the whole rate.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/limits/shared_buckets.h"
#include "common/limits/token_bucket.h"
#include "common/time/clock.h"

namespace clientele::limits {

struct RateLimiterOptions {
  Rate rate = {.tokens_per_second = 100, .burst_tokens = 200};
  // Leased at a time: what a replica may take from the others for nothing. At least 1.
  int64_t chunk_tokens = 10;
};

// Thread-safe; locks with std::mutex so that TSan can follow it.
class RateLimiter {
 public:
  // Without shared buckets (nullptr) it limits this process alone. All must outlive it.
  RateLimiter(const RateLimiterOptions& options, SharedBuckets* shared, const Clock& clock);

  // Takes `cost` tokens (1 up to the burst, else CHECK) of `principal`: zero when it may go on,
  // else how long it should wait before it tries again. May take as long as the shared buckets do.
  absl::Duration Take(absl::string_view principal, int64_t cost);

 private:
  // What this replica knows of one principal.
  struct Account {
    Account(const Rate& rate, absl::Time now) : own(rate, now), last_use(now) {}

    std::mutex mutex;
    // Everything below is guarded by mutex, last_use by mutex_.
    TokenBucket own;                              // while the shared buckets are away
    int64_t leased_tokens = 0;                    // not spent yet
    absl::Time lease_end = absl::InfinitePast();  // they are given up then
    absl::Time refused_until = absl::InfinitePast();
    absl::Time last_use;
  };

  std::shared_ptr<Account> AccountOf(absl::string_view principal, absl::Time now);
  absl::Duration TakeFrom(Account& account, absl::string_view principal, int64_t cost,
                          absl::Time now);

  const RateLimiterOptions options_;
  SharedBuckets* const shared_;
  const Clock& clock_;
  std::mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Account>> accounts_;  // guarded by mutex_
};

}  // namespace clientele::limits

#endif  // COMMON_LIMITS_RATE_LIMITER_H_
