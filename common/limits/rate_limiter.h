#ifndef COMMON_LIMITS_RATE_LIMITER_H_
#define COMMON_LIMITS_RATE_LIMITER_H_

// Limits how much each principal may ask for, over all replicas, without a round trip per call.
//
// A replica leases tokens from the shared bucket by the chunk, in the background, and spends them
// alone. Nobody waits for a lease: until it comes, calls go on for a chunk more than there is,
// which the next lease pays back. When the bucket has none, the replica does not ask again before
// there can be some. While the shared buckets are away it limits by a bucket of its own: each
// replica then grants the whole rate.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/limits/shared_buckets.h"
#include "common/limits/token_bucket.h"
#include "common/time/clock.h"

namespace clientele::limits {

// Who may ask for how much; without a rate as much as they like.
struct RateTable {
  std::optional<Rate> of_others;
  absl::flat_hash_map<std::string, Rate> by_principal;

  bool operator==(const RateTable&) const = default;
};

// The shared buckets, and what asks them without keeping a caller waiting.
struct SharedLease {
  SharedBuckets& buckets;
  // Runs the task soon, in another thread; false = not at all, as there is too much to do.
  std::function<bool(std::function<void()> task)> run_later;
};

// Thread-safe; locks with std::mutex so that TSan can follow it.
class RateLimiter {
 public:
  // Without `shared` it limits this process alone. What `shared` runs must have ended before the
  // limiter goes. `clock` outlives it, and should be one that nobody sets: when it goes back, who
  // has been refused waits until it is where it was.
  RateLimiter(RateTable rates, std::optional<SharedLease> shared, const Clock& clock);

  // From now on. When they differ from those before, everybody begins anew, with what the shared
  // buckets have or a full one.
  void SetRates(RateTable rates);

  // Takes `cost` tokens of `principal`, or a whole burst when that is less: zero when it may go on,
  // else how long it should wait before it tries again. `cost` is at least 1 (CHECK). Never blocks.
  absl::Duration Take(absl::string_view principal, int64_t cost);

  // Gives back what Take has just taken for a call that did not go on after all. Never blocks.
  void GiveBack(absl::string_view principal, int64_t cost);

 private:
  // What this replica knows of one principal.
  struct Account {
    Account(absl::string_view bucket_name, const Rate& its_rate, absl::Time now)
        : name(bucket_name), rate(its_rate), own(its_rate, now), last_use(now) {}

    const std::string name;
    const Rate rate;
    std::mutex mutex;
    // Everything below is guarded by mutex, last_use, which is kept for the others alone, by
    // mutex_.
    TokenBucket own;                              // while the shared buckets are away
    int64_t leased_tokens = 0;                    // not spent yet; below zero: owed
    absl::Time lease_end = absl::InfinitePast();  // they are given up then
    absl::Time refused_until = absl::InfinitePast();
    absl::Time away_until = absl::InfinitePast();  // the shared buckets
    bool is_leasing = false;
    absl::Time last_use;
  };

  // Null when nothing limits the principal.
  std::shared_ptr<Account> AccountOf(absl::string_view principal, absl::Time now);
  // That which AccountOf has just answered; null when the rates have changed since.
  std::shared_ptr<Account> FindAccount(absl::string_view principal);
  // Of one that has no rate of its own; mutex_ held.
  std::shared_ptr<Account> OtherAccountOf(absl::string_view principal, absl::Time now);
  // Whether there is room for another of them, once those at rest are forgotten; mutex_ held.
  bool MakeRoom(absl::Time now);
  // Whether what is leased counts, and not the account's own bucket; its mutex held.
  bool IsLeased(const Account& account, absl::Time now) const;
  // `wants_lease` says whether to ask for more.
  absl::Duration TakeLeased(Account& account, int64_t cost, absl::Time now, bool& wants_lease);
  void StartLease(const std::shared_ptr<Account>& account);
  void Lease(Account& account);

  const std::optional<SharedLease> shared_;
  const Clock& clock_;
  std::mutex mutex_;
  // Guarded by mutex_.
  RateTable rates_;
  // Of principals with a rate of their own: no more than rates_ has.
  absl::flat_hash_map<std::string, std::shared_ptr<Account>> named_accounts_;
  // Of the others, who all have one rate: the last used first, and where each stands, by its name.
  std::list<std::shared_ptr<Account>> other_accounts_;
  absl::flat_hash_map<absl::string_view, std::list<std::shared_ptr<Account>>::iterator> others_;
};

}  // namespace clientele::limits

#endif  // COMMON_LIMITS_RATE_LIMITER_H_
