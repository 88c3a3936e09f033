#include "common/server/principal_limits.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

// Leases that may wait for the one thread that asks Redis; each is of another principal.
constexpr int kLeasesWaitingMax = 1000;

bool IsOn(const limits::RateTable& rates) {
  return rates.of_others.has_value() || !rates.by_principal.empty();
}

// What a key or entry says of a rate; 0 for a burst is twice the rate.
limits::Rate MakeRate(int64_t calls_per_second, int64_t burst) {
  return {.tokens_per_second = calls_per_second,
          .burst_tokens = burst > 0 ? burst : std::min(2 * calls_per_second, limits::kTokensMax)};
}

bool ParseCount(absl::string_view text, int64_t& count) {
  return absl::SimpleAtoi(text, &count) && count >= 1 && count <= limits::kTokensMax;
}

// Of "100 200" or "100".
std::optional<limits::Rate> ParseRate(absl::string_view text) {
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ', absl::SkipWhitespace());
  int64_t calls_per_second = 0;
  int64_t burst = 0;
  if (words.empty() || words.size() > 2 || !ParseCount(words[0], calls_per_second) ||
      (words.size() == 2 && !ParseCount(words[1], burst))) {
    return std::nullopt;
  }
  return MakeRate(calls_per_second, burst);
}

}  // namespace

void AddLimitsKeys(ConfigSchema& schema, LimitsConfig& config) {
  schema.Add(kLimitsKeys[0], &config.calls_per_second,
             IntegerKey{.doc = "What each principal may ask for, by the cost of the methods (most "
                               "have 1), over all replicas that share a Redis; 0 = no limit. Read "
                               "again at SIGHUP, as all of limits.",
                        .min = 0,
                        .max = limits::kTokensMax,
                        .unit = "calls per second"});
  schema.Add(kLimitsKeys[1], &config.burst,
             IntegerKey{.doc = "What a principal that has been silent may ask for at once; 0 = "
                               "twice limits.calls_per_second.",
                        .min = 0,
                        .max = limits::kTokensMax,
                        .unit = "calls"});
  schema.Add(kLimitsKeys[2], &config.principals,
             ListKey{.doc = "Principals with a limit of their own, as PRINCIPAL=RATE or "
                            "PRINCIPAL=RATE BURST; the principal of a token is token: and its "
                            "subject."});
}

absl::StatusOr<limits::RateTable> ParseRates(const LimitsConfig& config) {
  limits::RateTable rates;
  if (config.calls_per_second > 0) {
    rates.of_others = MakeRate(config.calls_per_second, config.burst);
  }
  for (const std::string& entry : config.principals) {
    // A principal may have "=" in it, a rate has none.
    const size_t equals = entry.rfind('=');
    const std::optional<limits::Rate> rate =
        equals == std::string::npos ? std::nullopt : ParseRate(entry.substr(equals + 1));
    const absl::string_view principal =
        absl::StripAsciiWhitespace(absl::string_view(entry).substr(0, equals));
    if (!rate.has_value() || principal.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("limits.principals: \"", entry,
                                                     "\" is not PRINCIPAL=RATE BURST, both 1 to ",
                                                     limits::kTokensMax));
    }
    if (!rates.by_principal.try_emplace(principal, *rate).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("limits.principals: ", principal, " is there twice"));
    }
  }
  return rates;
}

PrincipalLimits::PrincipalLimits(limits::RateTable rates, const std::optional<SharedCount>& shared,
                                 const Clock& clock)
    : is_on_(IsOn(rates)) {
  std::optional<limits::SharedLease> lease;
  if (shared.has_value()) {
    buckets_ =
        std::make_unique<limits::RedisBuckets>(shared->client, shared->prefix, shared->service);
    leases_ = std::make_unique<Executor>(
        Executor::Options{.thread_limit = 1, .arrival_limit = kLeasesWaitingMax});
    lease.emplace(limits::SharedLease{
        .buckets = *buckets_, .run_later = [&leases = *leases_](std::function<void()> task) {
          return leases.TrySubmit([task = std::move(task)] {
            task();
            return TaskEnd::kServed;
          });
        }});
  }
  limiter_ = std::make_unique<limits::RateLimiter>(std::move(rates), std::move(lease), clock);
}

void PrincipalLimits::SetRates(limits::RateTable rates) {
  is_on_ = IsOn(rates);
  limiter_->SetRates(std::move(rates));
}

absl::Duration PrincipalLimits::Take(absl::string_view principal, int64_t cost) {
  return is_on_.load(std::memory_order_relaxed) ? limiter_->Take(principal, cost)
                                                : absl::ZeroDuration();
}

void PrincipalLimits::GiveBack(absl::string_view principal, int64_t cost) {
  if (is_on_.load(std::memory_order_relaxed)) {
    limiter_->GiveBack(principal, cost);
  }
}

}  // namespace clientele::server
