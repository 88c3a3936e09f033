#include "common/cache/freshness.h"

#include <algorithm>

#include "common/cache/limits.h"

namespace clientele::cache {

bool Serves(const Record& record, const ReadRule& rule, absl::Time now) {
  return !rule.strong && record.version >= rule.min_version && now < record.valid_until;
}

bool MayFollow(const ReadRule& rule) { return !rule.strong && rule.min_version == 0; }

bool IsTooOldToFill(absl::Time read_begin, absl::Time now) {
  return now - read_begin > kFillAgeMax || now < read_begin;
}

absl::Duration JitteredTtl(absl::Duration ttl, uint64_t seed) {
  constexpr int64_t kSteps = 1000;
  return ttl - ttl * (static_cast<int64_t>(seed % kSteps)) / (10 * kSteps);
}

absl::Time SharedValidUntil(const Record& record, absl::Time read_begin, absl::Duration ttl) {
  return std::min(record.valid_until, read_begin + ttl);
}

}  // namespace clientele::cache
