#include "common/limits/rate_limiter.h"

#include <algorithm>

#include "common/status/macros.h"

namespace clientele::limits {
namespace {

// Principals remembered at a time, some megabytes of them. More than that share one account.
constexpr size_t kAccountsMax = 10'000;
constexpr absl::string_view kOthers = "";

// How long a leased token may be kept from other replicas that could spend it.
constexpr absl::Duration kLeaseMax = absl::Seconds(1);

}  // namespace

RateLimiter::RateLimiter(const RateLimiterOptions& options, SharedBuckets* shared,
                         const Clock& clock)
    : options_(options), shared_(shared), clock_(clock) {
  CLIENTELE_CHECK(options.chunk_tokens >= 1);
}

absl::Duration RateLimiter::Take(absl::string_view principal, int64_t cost) {
  CLIENTELE_CHECK(cost >= 1 && cost <= options_.rate.burst_tokens);
  const absl::Time now = clock_.Now();
  const std::shared_ptr<Account> account = AccountOf(principal, now);
  std::lock_guard<std::mutex> lock(account->mutex);
  return TakeFrom(*account, principal, cost, now);
}

std::shared_ptr<RateLimiter::Account> RateLimiter::AccountOf(absl::string_view principal,
                                                             absl::Time now) {
  std::lock_guard<std::mutex> lock(mutex_);
  auto found = accounts_.find(principal);
  if (found == accounts_.end() && accounts_.size() >= kAccountsMax) {
    // An account at rest for as long as its bucket takes to fill is as good as a new one.
    const absl::Time idle_since = now - std::max(FillTime(options_.rate), kLeaseMax);
    absl::erase_if(accounts_,
                   [idle_since](const auto& entry) { return entry.second->last_use < idle_since; });
    if (accounts_.size() >= kAccountsMax) {
      principal = kOthers;
      found = accounts_.find(principal);
    }
  }
  if (found == accounts_.end()) {
    found = accounts_.emplace(principal, std::make_shared<Account>(options_.rate, now)).first;
  }
  found->second->last_use = now;
  return found->second;
}

absl::Duration RateLimiter::TakeFrom(Account& account, absl::string_view principal, int64_t cost,
                                     absl::Time now) {
  if (account.lease_end <= now) {
    account.leased_tokens = 0;
  }
  if (account.leased_tokens >= cost) {
    account.leased_tokens -= cost;
    return absl::ZeroDuration();
  }
  if (now < account.refused_until) {
    return account.refused_until - now;
  }
  const int64_t needed = cost - account.leased_tokens;
  absl::StatusOr<Grant> lease = absl::UnavailableError("nothing is shared");
  if (shared_ != nullptr) {
    lease =
        shared_->Take(principal, options_.rate, std::max(needed, options_.chunk_tokens), needed);
  }
  if (!lease.ok()) {
    // All or nothing: what its own bucket gives is no lease.
    return account.own.TakeAll(cost, now);
  }
  account.leased_tokens += lease->tokens;
  account.lease_end = now + kLeaseMax;
  if (account.leased_tokens < cost) {
    account.refused_until = now + lease->wait;
    return lease->wait;
  }
  account.leased_tokens -= cost;
  return absl::ZeroDuration();
}

}  // namespace clientele::limits
