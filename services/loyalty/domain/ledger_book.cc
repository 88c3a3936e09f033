#include "services/loyalty/domain/ledger_book.h"

#include <algorithm>
#include <utility>

#include "common/status/macros.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/domain/ledger_chain.h"

namespace clientele::loyalty {

LedgerBook::LedgerBook(const Program& program, Member member, std::vector<Lot> open_lots)
    : program_(program), member_(std::move(member)), is_new_(member_.version == 0) {
  while (!open_lots.empty()) {
    Lot& lot = open_lots.back();
    PutInOrder(lot);
    const int64_t seq = lot.seq;
    lots_.emplace(seq, std::move(lot));
    open_lots.pop_back();
  }
}

void LedgerBook::AddClosedLot(const Lot& lot) {
  CLIENTELE_CHECK(lot.remaining == 0);
  lots_.emplace(lot.seq, lot);
}

void LedgerBook::ChainStored(const Entry& entry) {
  CLIENTELE_CHECK(entry.seq == member_.head_seq + 1);
  member_.head_hash = EntryHash(member_.head_hash, member_.id, entry);
  member_.head_seq = entry.seq;
  chained_.push_back({member_.head_seq, member_.head_hash});
}

Entry LedgerBook::Post(Legs legs, int64_t points, PostingTime time, EntryCause cause) {
  CLIENTELE_CHECK(points > 0 && points <= kPointsMax);
  Entry entry;
  entry.seq = ++member_.entry_count;
  entry.transaction_id = TransactionIdOf(member_.id, cause.key);
  entry.kind = legs.kind;
  entry.debit_account = legs.debit;
  entry.credit_account = legs.credit;
  entry.points = points;
  entry.occur_time = time.occur_time;
  entry.record_time = std::max(time.record_time, member_.last_record_time + absl::Microseconds(1));
  entry.cause = std::move(cause);
  entry.program_version = program_.version;
  member_.available += entry.signed_points();
  member_.last_record_time = entry.record_time;
  entry.balance_after = member_.available;
  return entry;
}

void LedgerBook::Use(Lot& lot, int64_t points, Entry& entry) {
  if (points == 0) {
    return;
  }
  lot.remaining -= points;
  PutInOrder(lot);
  touched_.insert(lot.seq);
  entry.lot_uses.push_back({lot.seq, lot.lot_id, points});
}

void LedgerBook::PutInOrder(const Lot& lot) {
  if (lot.remaining == 0) {
    open_.erase({lot.expire_time, lot.seq});
    due_.erase({lot.due_time, lot.seq});
  } else {
    open_.emplace(lot.expire_time, lot.seq);
    due_.emplace(lot.due_time, lot.seq);
  }
}

void LedgerBook::TakeInOrder(int64_t points, Entry& entry) {
  while (points > 0 && !open_.empty()) {
    Lot& lot = lots_.at(open_.begin()->second);
    const int64_t taken = std::min(points, lot.remaining);
    points -= taken;
    Use(lot, taken, entry);
  }
  member_.debt += points;
}

int64_t LedgerBook::PayDebt(int64_t points) {
  const int64_t paid = std::min(points, member_.debt);
  member_.debt -= paid;
  return points - paid;
}

Lot& LedgerBook::MakeLot(const Entry& entry, int64_t points, absl::Time expire_time,
                         absl::Time due_time) {
  Lot& lot = lots_[entry.seq];
  lot = {.seq = entry.seq,
         .lot_id = entry.transaction_id,
         .points = points,
         .remaining = points,
         .activate_time = entry.occur_time,
         .expire_time = expire_time,
         .due_time = due_time,
         .purchase_id = entry.cause.purchase_id,
         .program_version = program_.version};
  touched_.insert(lot.seq);
  PutInOrder(lot);
  return lot;
}

void LedgerBook::Finish(Entry entry, PointsPosted extra) {
  extra.kind = entry.kind;
  extra.transaction_id = entry.transaction_id;
  extra.signed_points = entry.signed_points();
  extra.balance_after = entry.balance_after;
  extra.reason = entry.cause.reason;
  extra.purchase_id = entry.cause.purchase_id;
  AddEvent(entry.occur_time, entry.record_time, std::move(extra));
  if (member_.head_seq + 1 == entry.seq) {
    entry.hash = EntryHash(member_.head_hash, member_.id, entry);
    member_.head_seq = entry.seq;
    member_.head_hash = entry.hash;
  }
  entries_.push_back(std::move(entry));
}

void LedgerBook::Expire(Lot& lot) {
  const int64_t points = lot.remaining;
  Entry entry = Post({EntryKind::kExpire, LedgerAccount::kMember, LedgerAccount::kExpired}, points,
                     {lot.expire_time, lot.expire_time}, ExpiryCause(lot));
  lot.expired += points;
  Use(lot, points, entry);
  PointsPosted extra;
  extra.lot_id = lot.lot_id;
  Finish(std::move(entry), std::move(extra));
  events_.back().id = DueEventId(events_.back());
  CountDue();
}

void LedgerBook::ExpireUntil(absl::Time until) {
  while (!open_.empty() && open_.begin()->first <= until) {
    Expire(lots_.at(open_.begin()->second));
  }
}

void LedgerBook::ExpireNextDue() { Expire(lots_.at(due_.begin()->second)); }

void LedgerBook::Earn(Earning& earning, PostingTime time, absl::Time as_of) {
  const absl::Time expire_time = AddMonths(earning.occur_time, program_.lot_months, program_.zone);
  Entry entry = Post({EntryKind::kEarn, LedgerAccount::kIssued, LedgerAccount::kMember},
                     earning.points, time, PurchaseCause(earning.purchase_id));
  Lot& lot =
      MakeLot(entry, earning.points, expire_time, std::max(expire_time, as_of + kLateExpiryWait));
  Use(lot, earning.points - PayDebt(earning.points), entry);
  earning.lot_seq = entry.seq;
  member_.lifetime_earned += earning.points;
  PointsPosted extra;
  extra.expire_time = lot.expire_time;
  Finish(std::move(entry), std::move(extra));
}

void LedgerBook::ReverseEarning(Earning& earning, int64_t refunded_minor, PostingTime time,
                                EntryCause cause) {
  if (earning.lot_seq == 0) {
    return;
  }
  Lot& own = lots_.at(earning.lot_seq);
  const int64_t points =
      ReversedInAll(earning, refunded_minor) - own.expired - earning.reversed_points;
  if (points <= 0) {
    return;
  }
  Entry entry = Post({EntryKind::kReverse, LedgerAccount::kMember, LedgerAccount::kIssued}, points,
                     time, std::move(cause));
  const int64_t from_own = std::min(points, own.remaining);
  Use(own, from_own, entry);
  TakeInOrder(points - from_own, entry);
  earning.reversed_points += points;
  Finish(std::move(entry), {});
}

absl::Status LedgerBook::Redeem(int64_t points, PostingTime time, EntryCause cause) {
  if (points > member_.available) {
    return InsufficientPoints(member_, points);
  }
  Entry entry = Post({EntryKind::kRedeem, LedgerAccount::kMember, LedgerAccount::kRedeemed}, points,
                     time, std::move(cause));
  TakeInOrder(points, entry);
  Finish(std::move(entry), {});
  return absl::OkStatus();
}

absl::Status LedgerBook::Adjust(int64_t points, PostingTime time, EntryCause cause) {
  if (points < 0 && -points > member_.available) {
    return InsufficientPoints(member_, -points);
  }
  if (points > 0 && member_.available > kPointsMax - points) {
    return PointsLimitExceeded(member_, points);
  }
  if (points < 0) {
    Entry entry = Post({EntryKind::kAdjust, LedgerAccount::kMember, LedgerAccount::kAdjusted},
                       -points, time, std::move(cause));
    TakeInOrder(-points, entry);
    Finish(std::move(entry), {});
    return absl::OkStatus();
  }
  Entry entry = Post({EntryKind::kAdjust, LedgerAccount::kAdjusted, LedgerAccount::kMember}, points,
                     time, std::move(cause));
  Lot& lot = MakeLot(entry, points, AddMonths(time.occur_time, program_.lot_months, program_.zone));
  Use(lot, points - PayDebt(points), entry);
  Finish(std::move(entry), {});
  return absl::OkStatus();
}

void LedgerBook::GiveBack(const Entry& original, Entry& entry) {
  int64_t left = PayDebt(entry.points);
  int64_t reinstated = 0;
  // From the lot that expires last, so that what debt swallows would have expired first.
  for (auto use = original.lot_uses.rbegin(); use != original.lot_uses.rend() && left > 0; ++use) {
    const int64_t points = std::min(left, use->points);
    left -= points;
    Lot& lot = lots_.at(use->lot_seq);
    // A lot ends once: when the clock has gone back, one that is not due has expired all the same.
    if (lot.expire_time > entry.occur_time && lot.expired == 0) {
      Use(lot, -points, entry);
    } else {
      reinstated += points;
    }
  }
  if (reinstated > 0) {
    MakeLot(entry, reinstated, entry.occur_time + program_.reinstated);
  }
}

bool LedgerBook::Undo(const Entry& original, PostingTime time, EntryCause cause) {
  PointsPosted extra;
  extra.original_transaction_id = original.transaction_id;
  if (!original.is_credit()) {
    Entry entry = Post({EntryKind::kReverse, original.credit_account, LedgerAccount::kMember},
                       original.points, time, std::move(cause));
    GiveBack(original, entry);
    Finish(std::move(entry), std::move(extra));
    return true;
  }
  Lot& own = lots_.at(original.seq);
  const int64_t points = original.points - own.expired;
  if (points <= 0) {
    return false;
  }
  Entry entry = Post({EntryKind::kReverse, LedgerAccount::kMember, original.debit_account}, points,
                     time, std::move(cause));
  const int64_t from_own = std::min(points, own.remaining);
  Use(own, from_own, entry);
  TakeInOrder(points - from_own, entry);
  Finish(std::move(entry), std::move(extra));
  return true;
}

std::optional<absl::Time> LedgerBook::lot_due_time() const {
  return due_.empty() ? std::nullopt : std::optional(due_.begin()->first);
}

std::optional<absl::Time> LedgerBook::due_time() const {
  const std::optional<absl::Time> lot = lot_due_time();
  const std::optional<absl::Time> tier = member_.tier_due_time;
  return lot.has_value() && tier.has_value() ? std::min(lot, tier) : std::max(lot, tier);
}

void LedgerBook::AddEvent(absl::Time occur_time, absl::Time record_time, EventBody body) {
  events_.push_back(NumberEvent(member_, occur_time, record_time, std::move(body)));
}

void LedgerBook::NameEvents(absl::FunctionRef<std::string(const Event&)> new_id) {
  for (Event& event : events_) {
    if (event.id.empty()) {
      event.id = new_id(event);
    }
  }
}

std::vector<const Lot*> LedgerBook::TouchedLots() const {
  std::vector<const Lot*> touched;
  touched.reserve(touched_.size());
  for (const int64_t seq : touched_) {
    touched.push_back(&lots_.at(seq));
  }
  return touched;
}

}  // namespace clientele::loyalty
