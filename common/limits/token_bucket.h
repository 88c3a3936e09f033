#ifndef COMMON_LIMITS_TOKEN_BUCKET_H_
#define COMMON_LIMITS_TOKEN_BUCKET_H_

// A bucket that fills with tokens at a steady rate and never overflows. Pure: time is an argument.

#include <cstdint>

#include "absl/time/time.h"

namespace clientele::limits {

// Both at least 1 and at most kTokensMax, so that a bucket's level in millionths stays exact, also
// in the doubles of Lua.
struct Rate {
  int64_t tokens_per_second;
  int64_t burst_tokens;  // what a full bucket holds

  bool operator==(const Rate&) const = default;
};
inline constexpr int64_t kTokensMax = 1'000'000;

// How long an empty bucket takes to be full.
absl::Duration FillTime(const Rate& rate);

// What was taken out of a bucket.
struct Grant {
  int64_t tokens;
  absl::Duration wait;  // until the rest of what was needed will be there; zero if nothing lacks
};

// Not thread-safe.
class TokenBucket {
 public:
  // Full at `now`.
  TokenBucket(const Rate& rate, absl::Time now);

  // Takes `wanted` tokens or as many as there are; `needed`, at most `wanted`, says how many would
  // do. A `now` before an earlier one counts as that.
  Grant Take(int64_t wanted, int64_t needed, absl::Time now);

  // Takes `cost` tokens and returns zero, or takes none and returns how long to wait for them.
  absl::Duration TakeAll(int64_t cost, absl::Time now);

  // Puts tokens back that were taken for nothing, as far as there is room.
  void PutBack(int64_t tokens);

 private:
  void Fill(absl::Time now);
  // Until there are `tokens`; zero if there are.
  absl::Duration WaitFor(int64_t tokens) const;

  Rate rate_;
  int64_t level_micros_;  // millionths of a token
  int64_t filled_at_us_;
};

}  // namespace clientele::limits

#endif  // COMMON_LIMITS_TOKEN_BUCKET_H_
