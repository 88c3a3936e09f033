#include "services/loyalty/jobs/ledger_check.h"

#include <algorithm>
#include <utility>

#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/loyalty/limits.h"

namespace clientele::loyalty {
namespace {

constexpr size_t kExamplesMax = 10;

}  // namespace

void LedgerTotals::Add(const LedgerSums& member) {
  outstanding_points += member.lots_remaining;
  debt_points += member.debt;
  earned_points += member.earned;
  redeemed_points += member.redeemed;
  expired_points += member.expired;
  if (member.tier_rank.has_value()) {
    ++members_by_tier[*member.tier_rank];
  }
}

absl::Status LedgerCheck::Run() {
  for (int page = 0; page < kCheckPagesMax; ++page) {
    CLIENTELE_ASSIGN_OR_RETURN(const bool has_more, CheckPage());
    if (!has_more) {
      break;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> LedgerCheck::CheckPage() {
  std::string after;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    after = after_customer_id_;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<LedgerSums> members,
                             sql::ReadIn(database_, sql::BackgroundTx(), [&](sql::Tx& tx) {
                               return ReadLedgerSums(tx, after, kCheckMembers);
                             }));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (after.empty()) {
    examples_.clear();
  }
  for (const LedgerSums& member : members) {
    this_pass_totals_.Add(member);
    if (!member.balanced()) {
      ++this_pass_count_;
      if (examples_.size() < kExamplesMax) {
        examples_.push_back(member.customer_id);
      }
    }
  }
  const bool has_more = static_cast<int64_t>(members.size()) == kCheckMembers;
  if (has_more) {
    after_customer_id_ = members.back().customer_id;
  } else {
    after_customer_id_.clear();
    last_pass_count_ = this_pass_count_;
    this_pass_count_ = 0;
    last_pass_totals_ = std::exchange(this_pass_totals_, {});
  }
  return has_more;
}

int64_t LedgerCheck::imbalance_count() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::max(last_pass_count_, this_pass_count_);
}

std::optional<LedgerTotals> LedgerCheck::totals() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return last_pass_totals_;
}

std::vector<std::string> LedgerCheck::Examples() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return examples_;
}

}  // namespace clientele::loyalty
