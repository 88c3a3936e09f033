#ifndef COMMON_CACHE_FRESHNESS_H_
#define COMMON_CACHE_FRESHNESS_H_

// Which cached record may be served, and for how long one may be kept. Pure functions.

#include <cstdint>

#include "absl/time/time.h"
#include "common/cache/record.h"

namespace clientele::cache {

// What a reader insists on.
struct ReadRule {
  int64_t min_version = 0;  // of its min_etag: a record below is bypassed; 0: any will do
  bool strong = false;      // consistency = STRONG: no cached record will do
};

// Whether a cached record may be served.
bool Serves(const Record& record, const ReadRule& rule, absl::Time now);

// Whether a reader may share another's load, which may have begun before its own write.
bool MayFollow(const ReadRule& rule);

// Whether what was read at `read_begin` is too old to be filled in (kFillAgeMax), or cannot be
// dated because the clock has been set back.
bool IsTooOldToFill(absl::Time read_begin, absl::Time now);

// `ttl` less up to a tenth of it, which `seed` decides, so that what was filled in together does
// not run out together.
absl::Duration JitteredTtl(absl::Duration ttl, uint64_t seed);

// Until when `record`, read at `read_begin`, is served from the shared level: for `ttl`, or as long
// as it is valid. It counts from the reading, so that a fill that Redis executes late (it was
// paused) does not live longer.
absl::Time SharedValidUntil(const Record& record, absl::Time read_begin, absl::Duration ttl);

}  // namespace clientele::cache

#endif  // COMMON_CACHE_FRESHNESS_H_
