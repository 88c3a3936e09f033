#ifndef SERVICES_LOYALTY_DOMAIN_LEDGER_BOOK_H_
#define SERVICES_LOYALTY_DOMAIN_LEDGER_BOOK_H_

// One member's ledger in memory: a transaction loads it under the member's lock, plans its postings
// on it, and stores what it added. Every rule about points stands here.
//
// At all times available = sum of entries = sum of lots' remaining - debt, and while there is debt
// no lot has points left. Debits take from the lot that expires first; credits pay debt first.
// Thread safety: a value; belongs to one transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/chain/hash_chain.h"
#include "services/loyalty/domain/earning.h"
#include "services/loyalty/domain/event.h"
#include "services/loyalty/domain/ledger.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// When something happened in the business, and when it is recorded at the earliest: an entry's
// record_time is later than that of the entry before it.
struct PostingTime {
  absl::Time occur_time;
  absl::Time record_time;
};

class LedgerBook {
 public:
  // `member` as stored, or new with version 0; `open_lots` are all that have points left. `program`
  // outlives the book.
  LedgerBook(const Program& program, Member member, std::vector<Lot> open_lots);

  // Adds a lot that has nothing left: undoing something needs those it used.
  void AddClosedLot(const Lot& lot);

  // Chains a stored entry that is not: the one behind the member's head_seq. Comes before anything
  // is posted; what is posted while one is left is not chained either.
  void ChainStored(const Entry& entry);

  // Posts an EXPIRE entry for every lot that expires at or before `until`, with its expire_time as
  // occur_time, and as record_time unless something was recorded later. Comes before what happens
  // at `until`.
  void ExpireUntil(absl::Time until);

  // Posts such an entry for the lot that is due next: there is one.
  void ExpireNextDue();

  // Credits a purchase's points as a lot. `earning.points` > 0; sets earning.lot_seq. `as_of`: what
  // was taken for now when the purchase was recorded.
  void Earn(Earning& earning, PostingTime time, absl::Time as_of);

  // Takes back what is due once `refunded_minor` of the purchase came back: from its own lot first,
  // then from the others, the rest becomes debt. Points of its lot that expired count as taken back
  // and are not claimed. Does nothing when nothing is due. Updates `earning`; its lot is in the
  // book.
  void ReverseEarning(Earning& earning, int64_t refunded_minor, PostingTime time, EntryCause cause);

  // Spends. FAILED_PRECONDITION INSUFFICIENT_POINTS. `points` > 0.
  absl::Status Redeem(int64_t points, PostingTime time, EntryCause cause);

  // Gives (> 0) as a new lot or takes (< 0) points. INSUFFICIENT_POINTS, POINTS_LIMIT_EXCEEDED.
  absl::Status Adjust(int64_t points, PostingTime time, EntryCause cause);

  // Undoes a REDEEM or an ADJUST, with its lot_uses; the lots it made or used are in the book.
  // Points come back to their lots, those of expired lots to a new one; points that were given are
  // taken as in ReverseEarning. False when they have all expired: then nothing is posted.
  bool Undo(const Entry& original, PostingTime time, EntryCause cause);

  // Whether the member is not stored yet.
  bool is_new() const { return is_new_; }

  const Member& member() const { return member_; }
  Member& mutable_member() { return member_; }
  bool HasLot(int64_t seq) const { return lots_.contains(seq); }
  const Lot& lot(int64_t seq) const { return lots_.at(seq); }

  // When the next lot is due, and when time next changes something, the tier included; unset =
  // never.
  std::optional<absl::Time> lot_due_time() const;
  std::optional<absl::Time> due_time() const;
  // How often time has changed something here.
  int64_t due_count() const { return due_count_; }
  void CountDue() { ++due_count_; }

  // What this transaction added, in order.
  const std::vector<Entry>& entries() const { return entries_; }
  // Stored ones that it chained: their seqs and hashes.
  const std::vector<chain::Head>& chained() const { return chained_; }
  const std::vector<Event>& events() const { return events_; }
  void AddEvent(absl::Time occur_time, absl::Time record_time, EventBody body);
  // Names the events that have no id yet, in order.
  void NameEvents(absl::FunctionRef<std::string(const Event&)> new_id);

  // The lots it made and changed, by seq.
  std::vector<const Lot*> TouchedLots() const;

 private:
  using LotKey = std::pair<absl::Time, int64_t>;  // a time of the lot, seq

  struct Legs {
    EntryKind kind;
    LedgerAccount debit;
    LedgerAccount credit;
  };

  Entry Post(Legs legs, int64_t points, PostingTime time, EntryCause cause);
  // Changes a lot's remaining by -`points` and notes it in `entry`.
  void Use(Lot& lot, int64_t points, Entry& entry);
  // Takes from the lots in order of expiry; what they do not have becomes debt.
  void TakeInOrder(int64_t points, Entry& entry);
  // Makes the lot of `entry`, with nothing used yet.
  Lot& MakeLot(const Entry& entry, int64_t points, absl::Time expire_time, absl::Time due_time);
  Lot& MakeLot(const Entry& entry, int64_t points, absl::Time expire_time) {
    return MakeLot(entry, points, expire_time, expire_time);
  }
  void Expire(Lot& lot);
  // Has the lot in both orders, or in none when it has nothing left.
  void PutInOrder(const Lot& lot);
  // Pays debt with `points`; answers what is left of them.
  int64_t PayDebt(int64_t points);
  void GiveBack(const Entry& original, Entry& entry);
  void Finish(Entry entry, PointsPosted extra);

  const Program& program_;
  Member member_;
  const bool is_new_;
  absl::flat_hash_map<int64_t, Lot> lots_;
  absl::btree_set<LotKey> open_;  // by expire_time
  absl::btree_set<LotKey> due_;   // the same by due_time
  absl::btree_set<int64_t> touched_;
  std::vector<Entry> entries_;
  std::vector<chain::Head> chained_;
  std::vector<Event> events_;
  int64_t due_count_ = 0;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_LEDGER_BOOK_H_
