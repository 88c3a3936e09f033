#ifndef COMMON_SERVER_PRINCIPAL_LIMITS_H_
#define COMMON_SERVER_PRINCIPAL_LIMITS_H_

// How much each principal may ask for, as the configuration says: the keys limits.*, which a server
// takes anew at SIGHUP.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/cache/redis/client.h"
#include "common/config/config_schema.h"
#include "common/executor/executor.h"
#include "common/limits/rate_limiter.h"
#include "common/rpc/call_quota.h"
#include "common/time/clock.h"

namespace clientele::server {

// Each field is a key, described at AddLimitsKeys.
struct LimitsConfig {
  int64_t calls_per_second = 0;
  int64_t burst = 0;
  std::vector<std::string> principals;
};

inline constexpr std::array<absl::string_view, 3> kLimitsKeys = {
    "limits.calls_per_second", "limits.burst", "limits.principals"};

// Adds the keys to `schema`; `config` outlives it.
void AddLimitsKeys(ConfigSchema& schema, LimitsConfig& config);

// INVALID_ARGUMENT with a sentence that names the entry of limits.principals.
absl::StatusOr<limits::RateTable> ParseRates(const LimitsConfig& config);

// Thread-safe.
class PrincipalLimits final : public rpc::CallQuota {
 public:
  // Where all replicas count together: keys "prefix:service:limit:principal" of a Redis.
  struct SharedCount {
    redis::Client& client;
    std::string prefix;
    std::string service;
  };

  // Without `shared` (nullopt) it limits this process alone. `clock` and the client outlive it.
  PrincipalLimits(limits::RateTable rates, const std::optional<SharedCount>& shared,
                  const Clock& clock);

  void SetRates(limits::RateTable rates);

  absl::Duration Take(absl::string_view principal, int64_t cost) override;
  void GiveBack(absl::string_view principal, int64_t cost) override;

 private:
  // In the order of use: what the executor still runs uses all above it.
  std::atomic<bool> is_on_;  // so that a server without limits takes no lock
  std::unique_ptr<limits::SharedBuckets> buckets_;
  std::unique_ptr<limits::RateLimiter> limiter_;
  std::unique_ptr<Executor> leases_;
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_PRINCIPAL_LIMITS_H_
