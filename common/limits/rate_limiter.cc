#include "common/limits/rate_limiter.h"

#include <algorithm>
#include <utility>

#include "common/status/macros.h"

namespace clientele::limits {
namespace {

// Principals without a rate of their own that are remembered at a time, some megabytes of them.
// More than that share one account.
constexpr size_t kOtherAccountsMax = 10'000;
constexpr absl::string_view kAllTheRest = "";

// How long a leased token may be kept from other replicas that could spend it.
constexpr absl::Duration kLeaseMax = absl::Seconds(1);

// How long shared buckets that were away are left alone.
constexpr absl::Duration kAwayTime = absl::Seconds(1);

// What a caller waits while a lease is under way that has to pay back first.
constexpr absl::Duration kLeaseTime = absl::Milliseconds(10);

// Leased at a time, of a burst: what a replica may take from the others for nothing.
constexpr int64_t kChunkPart = 10;

int64_t ChunkOf(const Rate& rate) { return std::max<int64_t>(rate.burst_tokens / kChunkPart, 1); }

}  // namespace

RateLimiter::RateLimiter(RateTable rates, std::optional<SharedLease> shared, const Clock& clock)
    : shared_(std::move(shared)), clock_(clock), rates_(std::move(rates)) {}

void RateLimiter::SetRates(RateTable rates) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (rates == rates_) {
    return;
  }
  rates_ = std::move(rates);
  named_accounts_.clear();
  others_.clear();
  other_accounts_.clear();
}

absl::Duration RateLimiter::Take(absl::string_view principal, int64_t cost) {
  CLIENTELE_CHECK(cost >= 1);
  const absl::Time now = clock_.Now();
  const std::shared_ptr<Account> account = AccountOf(principal, now);
  if (account == nullptr) {
    return absl::ZeroDuration();
  }
  cost = std::min(cost, account->rate.burst_tokens);
  bool wants_lease = false;
  absl::Duration wait;
  {
    std::lock_guard<std::mutex> lock(account->mutex);
    wait = IsLeased(*account, now) ? TakeLeased(*account, cost, now, wants_lease)
                                   : account->own.TakeAll(cost, now);
  }
  if (wants_lease) {
    StartLease(account);
  }
  return wait;
}

void RateLimiter::GiveBack(absl::string_view principal, int64_t cost) {
  const std::shared_ptr<Account> account = FindAccount(principal);
  if (account == nullptr) {
    return;
  }
  cost = std::min(cost, account->rate.burst_tokens);
  std::lock_guard<std::mutex> lock(account->mutex);
  if (IsLeased(*account, clock_.Now())) {
    account->leased_tokens += cost;
  } else {
    account->own.PutBack(cost);
  }
}

bool RateLimiter::IsLeased(const Account& account, absl::Time now) const {
  return shared_.has_value() && now >= account.away_until;
}

std::shared_ptr<RateLimiter::Account> RateLimiter::FindAccount(absl::string_view principal) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto named = named_accounts_.find(principal);
  if (named != named_accounts_.end()) {
    return named->second;
  }
  auto other = others_.find(principal);
  if (other == others_.end()) {
    other = others_.find(kAllTheRest);
  }
  return other == others_.end() ? nullptr : *other->second;
}

std::shared_ptr<RateLimiter::Account> RateLimiter::AccountOf(absl::string_view principal,
                                                             absl::Time now) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto own_rate = rates_.by_principal.find(principal);
  if (own_rate == rates_.by_principal.end()) {
    return rates_.of_others.has_value() ? OtherAccountOf(principal, now) : nullptr;
  }
  auto found = named_accounts_.find(principal);
  if (found == named_accounts_.end()) {
    auto account = std::make_shared<Account>(principal, own_rate->second, now);
    found = named_accounts_.try_emplace(principal, std::move(account)).first;
  }
  return found->second;
}

std::shared_ptr<RateLimiter::Account> RateLimiter::OtherAccountOf(absl::string_view principal,
                                                                  absl::Time now) {
  auto found = others_.find(principal);
  if (found == others_.end() && !MakeRoom(now)) {
    principal = kAllTheRest;
    found = others_.find(principal);
  }
  if (found == others_.end()) {
    other_accounts_.push_front(std::make_shared<Account>(principal, *rates_.of_others, now));
    others_.try_emplace(other_accounts_.front()->name, other_accounts_.begin());
  } else {
    other_accounts_.splice(other_accounts_.begin(), other_accounts_, found->second);
  }
  other_accounts_.front()->last_use = now;
  return other_accounts_.front();
}

bool RateLimiter::MakeRoom(absl::Time now) {
  // An account at rest for as long as its bucket takes to fill is as good as a new one. When
  // the one that rests longest is not, none is.
  while (other_accounts_.size() >= kOtherAccountsMax) {
    const Account& oldest = *other_accounts_.back();
    if (oldest.last_use >= now - std::max(FillTime(oldest.rate), kLeaseMax)) {
      return false;
    }
    others_.erase(oldest.name);
    other_accounts_.pop_back();
  }
  return true;
}

absl::Duration RateLimiter::TakeLeased(Account& account, int64_t cost, absl::Time now,
                                       bool& wants_lease) {
  const int64_t chunk = ChunkOf(account.rate);
  if (account.lease_end <= now) {
    account.leased_tokens = std::min<int64_t>(account.leased_tokens, 0);
  }
  const bool may_ask = !account.is_leasing && now >= account.refused_until;
  // Another call may go beyond what is leased only where asking for more may help.
  const int64_t level_min = now < account.refused_until ? cost : 1 - chunk;
  if (account.leased_tokens < level_min) {
    wants_lease = may_ask;
    return std::max(account.refused_until - now, kLeaseTime);
  }
  account.leased_tokens -= cost;
  wants_lease = may_ask && account.leased_tokens <= chunk / 2;
  return absl::ZeroDuration();
}

void RateLimiter::StartLease(const std::shared_ptr<Account>& account) {
  {
    std::lock_guard<std::mutex> lock(account->mutex);
    if (account->is_leasing) {
      return;
    }
    account->is_leasing = true;
  }
  if (!shared_->run_later([this, account] { Lease(*account); })) {
    std::lock_guard<std::mutex> lock(account->mutex);
    account->is_leasing = false;
  }
}

void RateLimiter::Lease(Account& account) {
  int64_t owed = 0;
  {
    std::lock_guard<std::mutex> lock(account.mutex);
    owed = std::max<int64_t>(-account.leased_tokens, 0);
  }
  const absl::StatusOr<Grant> lease = shared_->buckets.Take(
      account.name, account.rate, owed + ChunkOf(account.rate), /*needed=*/owed + 1);
  const absl::Time now = clock_.Now();
  std::lock_guard<std::mutex> lock(account.mutex);
  account.is_leasing = false;
  if (!lease.ok()) {
    account.away_until = now + kAwayTime;
    return;
  }
  account.leased_tokens += lease->tokens;
  account.lease_end = now + kLeaseMax;
  if (lease->wait > absl::ZeroDuration()) {
    account.refused_until = now + lease->wait;
  }
}

}  // namespace clientele::limits
