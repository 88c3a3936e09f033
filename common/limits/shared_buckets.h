#ifndef COMMON_LIMITS_SHARED_BUCKETS_H_
#define COMMON_LIMITS_SHARED_BUCKETS_H_

// The token buckets that all replicas of a service share.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/cache/redis/client.h"
#include "common/cache/redis/script.h"
#include "common/limits/token_bucket.h"

namespace clientele::limits {

// Thread-safe.
class SharedBuckets {
 public:
  virtual ~SharedBuckets() = default;

  // TokenBucket::Take on the bucket called `name`, which is full when nobody has used it. An error
  // when the buckets cannot be reached: nothing was taken, or it is lost.
  virtual absl::StatusOr<Grant> Take(absl::string_view name, const Rate& rate, int64_t wanted,
                                     int64_t needed) = 0;
};

// In Redis, by its clock: keys "prefix:service:limit:name".
class RedisBuckets final : public SharedBuckets {
 public:
  // `client` must outlive it.
  RedisBuckets(redis::Client& client, absl::string_view prefix, absl::string_view service);

  absl::StatusOr<Grant> Take(absl::string_view name, const Rate& rate, int64_t wanted,
                             int64_t needed) override;

 private:
  redis::Client& client_;
  const std::string key_root_;
  const redis::Script script_;
};

}  // namespace clientele::limits

#endif  // COMMON_LIMITS_SHARED_BUCKETS_H_
