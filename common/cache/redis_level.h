#ifndef COMMON_CACHE_REDIS_LEVEL_H_
#define COMMON_CACHE_REDIS_LEVEL_H_

// The shared level on Redis.

#include <optional>
#include <string>
#include <vector>

#include "common/cache/redis/client.h"
#include "common/cache/redis/script.h"
#include "common/cache/shared_level.h"

namespace clientele::cache {

// Thread-safe. Reads are pipelines of GET, writes of the set-if-newer script; each call takes at
// most the client's latency budget, as the client says. A reply that is no record is DATA_LOSS.
class RedisLevel final : public SharedLevel {
 public:
  // Tells `channel` of announced writes. `client` must outlive it.
  RedisLevel(redis::Client& client, std::string channel);

  std::vector<absl::StatusOr<std::optional<Record>>> Read(absl::Span<const absl::string_view> keys,
                                                          absl::Time deadline) override;
  std::vector<absl::Status> Write(absl::Span<const SharedWrite> writes,
                                  absl::Time deadline) override;

 private:
  redis::Client& client_;
  const std::string channel_;
  const redis::Script script_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_REDIS_LEVEL_H_
