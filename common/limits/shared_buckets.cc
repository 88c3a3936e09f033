#include "common/limits/shared_buckets.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace clientele::limits {
namespace {

// TokenBucket::Take in Lua: KEYS[1] the bucket; ARGV the rate, the burst, what is wanted and what
// is needed. Replies {tokens granted, microseconds to wait}. A bucket that nobody uses for as long
// as it takes to fill is forgotten, which is the same as full. A clock that has gone back, or that
// of another node which is behind, fills it from then on: not only when it is where it was.
constexpr absl::string_view kTakeScript = R"lua(
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000000
local wanted, needed = tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local held = redis.call('HMGET', KEYS[1], 'level', 'filled_at')
local level = tonumber(held[1]) or burst
local filled_at = tonumber(held[2]) or now
level = math.min(level + math.max(now - filled_at, 0) * rate, burst)
local granted = math.min(wanted, math.floor(level / 1000000))
level = level - granted * 1000000
redis.call('HSET', KEYS[1], 'level', string.format('%.0f', level),
           'filled_at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate / 1000) + 1)
if granted >= needed then return {granted, 0} end
return {granted, math.ceil(((needed - granted) * 1000000 - level) / rate)}
)lua";

}  // namespace

RedisBuckets::RedisBuckets(redis::Client& client, absl::string_view prefix,
                           absl::string_view service)
    : client_(client),
      key_root_(absl::StrCat(prefix, ":", service, ":limit:")),
      script_(kTakeScript) {}

absl::StatusOr<Grant> RedisBuckets::Take(absl::string_view name, const Rate& rate, int64_t wanted,
                                         int64_t needed) {
  const std::string key = absl::StrCat(key_root_, name);
  const redis::ScriptCall call{
      .key = key,
      .arguments = {absl::StrCat(rate.tokens_per_second), absl::StrCat(rate.burst_tokens),
                    absl::StrCat(wanted), absl::StrCat(needed)}};
  const absl::StatusOr<redis::Reply> reply =
      script_.Run(client_, {call}, absl::InfiniteFuture())[0];
  if (!reply.ok()) {
    return reply.status();
  }
  if (reply->elements.size() != 2) {
    return absl::UnavailableError(reply->text);
  }
  return Grant{reply->elements[0].integer, absl::Microseconds(reply->elements[1].integer)};
}

}  // namespace clientele::limits
