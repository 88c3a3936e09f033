#include "common/limits/token_bucket.h"

#include <algorithm>

#include "common/status/macros.h"

namespace clientele::limits {
namespace {

constexpr int64_t kMicros = 1'000'000;

}  // namespace

absl::Duration FillTime(const Rate& rate) {
  return absl::Microseconds((rate.burst_tokens * kMicros - 1) / rate.tokens_per_second + 1);
}

TokenBucket::TokenBucket(const Rate& rate, absl::Time now)
    : rate_(rate),
      level_micros_(rate.burst_tokens * kMicros),
      filled_at_us_(absl::ToUnixMicros(now)) {
  CLIENTELE_CHECK(rate.tokens_per_second >= 1 && rate.tokens_per_second <= kTokensMax);
  CLIENTELE_CHECK(rate.burst_tokens >= 1 && rate.burst_tokens <= kTokensMax);
}

void TokenBucket::Fill(absl::Time now) {
  const int64_t now_us = absl::ToUnixMicros(now);
  if (now_us <= filled_at_us_) {
    return;
  }
  // A token a second is a millionth a microsecond. Longer than it takes to fill changes nothing.
  const int64_t elapsed_us =
      std::min(now_us - filled_at_us_, absl::ToInt64Microseconds(FillTime(rate_)));
  level_micros_ =
      std::min(rate_.burst_tokens * kMicros, level_micros_ + elapsed_us * rate_.tokens_per_second);
  filled_at_us_ = now_us;
}

absl::Duration TokenBucket::WaitFor(int64_t tokens) const {
  const int64_t lacking_micros = tokens * kMicros - level_micros_;
  return lacking_micros <= 0
             ? absl::ZeroDuration()
             : absl::Microseconds((lacking_micros - 1) / rate_.tokens_per_second + 1);
}

Grant TokenBucket::Take(int64_t wanted, int64_t needed, absl::Time now) {
  Fill(now);
  const int64_t granted = std::min(wanted, level_micros_ / kMicros);
  level_micros_ -= granted * kMicros;
  return {granted, granted >= needed ? absl::ZeroDuration() : WaitFor(needed - granted)};
}

absl::Duration TokenBucket::TakeAll(int64_t cost, absl::Time now) {
  Fill(now);
  const absl::Duration wait = WaitFor(cost);
  if (wait == absl::ZeroDuration()) {
    level_micros_ -= cost * kMicros;
  }
  return wait;
}

void TokenBucket::PutBack(int64_t tokens) {
  level_micros_ = std::min(rate_.burst_tokens * kMicros, level_micros_ + tokens * kMicros);
}

}  // namespace clientele::limits
