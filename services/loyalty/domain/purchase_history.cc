#include "services/loyalty/domain/purchase_history.h"

#include <algorithm>
#include <optional>

#include "common/status/macros.h"
#include "common/time/civil.h"
#include "services/loyalty/domain/errors.h"

namespace clientele::loyalty {

void PurchaseHistory::Load(Earning earning) {
  const std::string key = earning.purchase_id.value();
  earnings_.insert_or_assign(key, EarningRow{std::move(earning), RowState::kStored});
}

void PurchaseHistory::Load(EarningRefund refund) {
  std::pair<std::string, std::string> key = {refund.purchase_id.value(), refund.refund_number};
  refunds_.insert_or_assign(std::move(key), std::move(refund));
}

const Earning* PurchaseHistory::Find(const PurchaseId& purchase_id) const {
  const auto found = earnings_.find(purchase_id.value());
  return found == earnings_.end() ? nullptr : &found->second.earning;
}

bool PurchaseHistory::HasRefund(const PurchaseId& purchase_id,
                                const std::string& refund_number) const {
  return refunds_.contains({purchase_id.value(), refund_number});
}

Earning& PurchaseHistory::Add(Earning earning) {
  const std::string key = earning.purchase_id.value();
  const auto [place, added] =
      earnings_.insert({key, EarningRow{std::move(earning), RowState::kMade}});
  CLIENTELE_CHECK(added);
  ++made_count_;
  return place->second.earning;
}

Earning& PurchaseHistory::AddRefund(EarningRefund refund) {
  EarningRow& row = earnings_.at(refund.purchase_id.value());
  if (row.state == RowState::kStored) {
    row.state = RowState::kChanged;
  }
  made_refunds_.push_back(refund);
  Load(std::move(refund));
  return row.earning;
}

std::vector<SpendEntry> PurchaseHistory::SpendIn(const Program& program) const {
  const std::string currency_code = program.currency.ToString();
  std::vector<SpendEntry> entries;
  entries.reserve(earnings_.size() + refunds_.size());
  for (const auto& [key, row] : earnings_) {
    const Earning& earning = row.earning;
    if (earning.currency_code == currency_code) {
      entries.push_back({earning.occur_time, DayNumber(DayOf(earning.occur_time, program.zone)),
                         earning.gross_minor});
    }
  }
  for (const auto& [key, refund] : refunds_) {
    const Earning& earning = earnings_.at(key.first).earning;
    if (earning.currency_code == currency_code) {
      // Taken from the day of the purchase, and never before the purchase was there.
      entries.push_back({std::max(refund.occur_time, earning.occur_time),
                         DayNumber(DayOf(earning.occur_time, program.zone)), -refund.amount_minor});
    }
  }
  return entries;
}

std::vector<const Earning*> PurchaseHistory::EarningsIn(RowState state) const {
  std::vector<const Earning*> earnings;
  for (const auto& [key, row] : earnings_) {
    if (row.state == state) {
      earnings.push_back(&row.earning);
    }
  }
  return earnings;
}

std::vector<const Earning*> PurchaseHistory::MadeEarnings() const {
  return EarningsIn(RowState::kMade);
}

std::vector<const Earning*> PurchaseHistory::ChangedEarnings() const {
  return EarningsIn(RowState::kChanged);
}

void ApplyPurchase(const Program& program, const RecordedPurchase& purchase, PostingTime time,
                   absl::Time as_of, MemberState& state) {
  if (state.history.Find(purchase.purchase_id) != nullptr) {
    return;
  }
  LedgerBook& book = state.book;
  // The first purchase is the one that happened first, not the one that arrived first.
  book.mutable_member().enroll_time = std::min(book.member().enroll_time, time.occur_time);
  book.ExpireUntil(std::min(time.occur_time, as_of));
  const Member& member = book.member();
  const EarnedPoints earned = PointsFor(program, purchase.currency_code, purchase.gross_minor,
                                        std::max(member.lifetime_earned, member.available));
  Earning& earning = state.history.Add({.purchase_id = purchase.purchase_id,
                                        .occur_time = time.occur_time,
                                        .currency_code = purchase.currency_code,
                                        .gross_minor = purchase.gross_minor,
                                        .outcome = earned.outcome,
                                        .points = earned.points,
                                        .program_version = program.version});
  if (earned.points > 0) {
    book.Earn(earning, time, as_of);
  }
}

namespace {

// A refund or a cancellation; `refunded_minor`: of the purchase, this one included.
void TakeBack(EarningRefund refund, int64_t refunded_minor, EntryCause cause, PostingTime time,
              absl::Time as_of, MemberState& state) {
  state.book.ExpireUntil(std::min(time.occur_time, as_of));
  Earning& earning = state.history.AddRefund(std::move(refund));
  earning.refunded_minor = std::clamp(refunded_minor, earning.refunded_minor, earning.gross_minor);
  state.book.ReverseEarning(earning, earning.refunded_minor, time, std::move(cause));
}

}  // namespace

absl::Status ApplyRefund(const RecordedRefund& refund, PostingTime time, absl::Time as_of,
                         MemberState& state) {
  if (state.history.Find(refund.purchase_id) == nullptr) {
    return EarningNotFound(state.book.member().id, refund.purchase_id);
  }
  if (!state.history.HasRefund(refund.purchase_id, refund.refund_number)) {
    TakeBack({refund.purchase_id, refund.refund_number, time.occur_time, refund.amount_minor},
             refund.refunded_minor, RefundCause(refund.purchase_id, refund.refund_number), time,
             as_of, state);
  }
  return absl::OkStatus();
}

absl::Status ApplyCancel(const PurchaseId& purchase_id, PostingTime time, absl::Time as_of,
                         MemberState& state) {
  const Earning* earning = state.history.Find(purchase_id);
  if (earning == nullptr) {
    return EarningNotFound(state.book.member().id, purchase_id);
  }
  if (!state.history.HasRefund(purchase_id, "")) {
    TakeBack({purchase_id, "", time.occur_time, earning->gross_minor - earning->refunded_minor},
             earning->gross_minor, CancelCause(purchase_id), time, as_of, state);
  }
  return absl::OkStatus();
}

namespace {

// Why the feed is told `rank` after `told`, unset when it was told nothing yet.
TierChangeReason ReasonToTell(std::optional<TierRank> told, TierRank rank) {
  if (!told.has_value()) {
    return TierChangeReason::kEnrolled;
  }
  return rank > *told ? TierChangeReason::kUpgraded : TierChangeReason::kDowngraded;
}

}  // namespace

void RefreshTier(const Program& program, absl::Time as_of, absl::Time record_time,
                 MemberState& state) {
  const TierStanding standing =
      ComputeTier(program, state.book.member().enroll_time, state.history.SpendIn(program), as_of);
  Member& member = state.book.mutable_member();
  member.tier_due_time = standing.next_change_time == absl::InfiniteFuture()
                             ? std::nullopt
                             : std::optional<absl::Time>(standing.next_change_time);
  if (standing.rank == member.tier_rank) {
    return;
  }
  CLIENTELE_CHECK(!standing.steps.empty() || standing.rank == 0);
  const std::optional<TierRank> previous = member.tier_rank;
  member.tier_rank = standing.rank;
  state.book.AddEvent(
      standing.reach_time, record_time,
      TierChanged{.previous_tier = previous.has_value() ? program.tiers[*previous].name : "",
                  .tier = program.tiers[standing.rank].name,
                  .rank = standing.rank,
                  .reason = ReasonToTell(previous, standing.rank),
                  .valid_until = standing.valid_until});
}

}  // namespace clientele::loyalty
