#include "common/cache/shared_level.h"

#include <utility>

#include "absl/hash/hash.h"
#include "common/cache/freshness.h"

namespace clientele::cache {

SharedWrite MakeSharedWrite(absl::string_view key, const Record& record, absl::Time begin,
                            absl::Duration ttl, bool announce) {
  const uint64_t seed =
      absl::Hash<std::pair<absl::string_view, int64_t>>()({key, absl::ToUnixMicros(begin)});
  SharedWrite write{.key = key, .record = record, .ttl = ttl, .announce = announce};
  write.record.valid_until = SharedValidUntil(record, begin, JitteredTtl(ttl, seed));
  return write;
}

}  // namespace clientele::cache
