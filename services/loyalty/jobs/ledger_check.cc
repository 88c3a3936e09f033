#include "services/loyalty/jobs/ledger_check.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/loyalty/limits.h"

namespace clientele::loyalty {
namespace {

constexpr size_t kExamplesMax = 10;

// Often enough that two renewals may fail.
constexpr absl::Duration kRenewInterval = absl::Seconds(15);

// At most this long after a page, however slow it was.
constexpr absl::Duration kRestMax = absl::Seconds(1);

}  // namespace

void LedgerTotals::Add(const LedgerSums& member) {
  ++member_count;
  outstanding_points += member.lots_remaining;
  debt_points += member.debt;
  earned_points += member.earned;
  redeemed_points += member.redeemed;
  expired_points += member.expired;
  if (member.tier_rank.has_value()) {
    ++members_by_tier[*member.tier_rank];
  }
}

LedgerCheck::~LedgerCheck() {
  keeper_.reset();
  if (held_.has_value()) {
    // When it fails, the lease expires by itself.
    database_
        .RunInTransaction(sql::BackgroundTx(),
                          [this](sql::Tx& tx) { return lease_.Release(tx, held_->fence); })
        .IgnoreError();
  }
}

absl::StatusOr<bool> LedgerCheck::Run() {
  CLIENTELE_ASSIGN_OR_RETURN(bool has_more, Take());
  for (int page = 0; page < kCheckPagesMax && has_more; ++page) {
    const absl::Time begin = clock_.Now();
    CLIENTELE_ASSIGN_OR_RETURN(has_more, CheckPage());
    // So that it takes half of a connection.
    absl::SleepFor(std::clamp(clock_.Now() - begin, absl::ZeroDuration(), kRestMax));
  }
  return has_more;
}

absl::StatusOr<bool> LedgerCheck::Take() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (IsHeld()) {
      return true;
    }
    Forget();
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<feed::LeaseGrant> grant,
                             sql::WriteIn(database_, sql::BackgroundTx(),
                                          [this](sql::Tx& tx) { return lease_.Acquire(tx); }));
  if (!grant.has_value()) {
    return false;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Hold(*grant);
  }
  if (!keeper_.has_value()) {
    keeper_.emplace(kRenewInterval, [this] { Renew(); });
  }
  return true;
}

void LedgerCheck::Renew() {
  int64_t fence = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!held_.has_value()) {
      return;
    }
    fence = held_->fence;
  }
  const absl::StatusOr<feed::LeaseGrant> grant =
      sql::WriteIn(database_, sql::BackgroundTx(),
                   [this, fence](sql::Tx& tx) { return lease_.Renew(tx, fence); });
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!held_.has_value() || held_->fence != fence) {
    return;
  }
  if (grant.ok()) {
    Hold(*grant);
  } else if (absl::IsAborted(grant.status())) {
    Forget();
  }  // else it expires unless the next one succeeds
}

void LedgerCheck::Hold(const feed::LeaseGrant& grant) {
  held_ = {grant.fence, grant.renew_time + kLeaseTtl / 2};
}

void LedgerCheck::Forget() {
  held_.reset();
  pass_ = {};
  last_imbalance_count_ = 0;
  last_totals_.reset();
  examples_.clear();
}

absl::StatusOr<bool> LedgerCheck::CheckPage() {
  std::string after;
  int64_t fence = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!IsHeld()) {
      return false;
    }
    after = pass_.after_customer_id;
    fence = held_->fence;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<LedgerSums> members,
                             sql::ReadIn(database_, sql::BackgroundTx(), [&](sql::Tx& tx) {
                               return ReadLedgerSums(tx, after, kCheckMembers);
                             }));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!held_.has_value() || held_->fence != fence) {
    return false;
  }
  if (after.empty()) {
    examples_.clear();
  }
  for (const LedgerSums& member : members) {
    Add(member);
  }
  if (static_cast<int64_t>(members.size()) >= kCheckMembers) {
    pass_.after_customer_id = members.back().customer_id;
    return true;
  }
  Pass whole = std::exchange(pass_, {});
  whole.totals.end_time = clock_.Now();
  last_imbalance_count_ = whole.imbalance_count;
  last_totals_ = std::move(whole.totals);
  return false;
}

void LedgerCheck::Add(const LedgerSums& member) {
  pass_.totals.Add(member);
  if (!member.balanced()) {
    ++pass_.imbalance_count;
    if (examples_.size() < kExamplesMax) {
      examples_.push_back(member.customer_id);
    }
  }
}

std::optional<int64_t> LedgerCheck::imbalance_count() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const int64_t count = std::max(last_imbalance_count_, pass_.imbalance_count);
  const bool is_known = IsHeld() && (last_totals_.has_value() || count > 0);
  return is_known ? std::optional<int64_t>(count) : std::nullopt;
}

std::optional<LedgerTotals> LedgerCheck::totals() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return IsHeld() ? last_totals_ : std::nullopt;
}

std::vector<std::string> LedgerCheck::Examples() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return examples_;
}

}  // namespace clientele::loyalty
