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

  // Posts an EXPIRE entry, with the due instant as occur_time, for every lot that expires at or
  // before `until`. Comes before every other posting of a transaction.
  void ExpireDue(absl::Time until, absl::Time record_time);

  // Credits a purchase's points as a lot. `earning.points` > 0; sets earning.lot_seq.
  void Earn(Earning& earning, PostingTime time);

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

  // When time next changes something: a lot expires, or the tier is due; unset = never.
  std::optional<absl::Time> due_time() const;

  // What this transaction added, in order.
  const std::vector<Entry>& entries() const { return entries_; }
  // Stored ones that it chained: their seqs and hashes.
  const std::vector<chain::Head>& chained() const { return chained_; }
  const std::vector<Event>& events() const { return events_; }
  void AddEvent(absl::Time occur_time, absl::Time record_time, EventBody body);

  // The lots it made and changed, by seq.
  std::vector<const Lot*> TouchedLots() const;

 private:
  using ExpiryKey = std::pair<absl::Time, int64_t>;  // expire_time, seq

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
  // Makes the lot of `entry` out of its points, debt paid first.
  Lot& MakeLot(Entry& entry, int64_t points, absl::Time expire_time);
  // Pays debt with `points`; answers what is left of them.
  int64_t PayDebt(int64_t points);
  void GiveBack(const Entry& original, Entry& entry);
  void Finish(Entry entry, PointsPosted extra);

  const Program& program_;
  Member member_;
  const bool is_new_;
  absl::flat_hash_map<int64_t, Lot> lots_;
  absl::btree_set<ExpiryKey> open_;
  absl::btree_set<int64_t> touched_;
  std::vector<Entry> entries_;
  std::vector<chain::Head> chained_;
  std::vector<Event> events_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_LEDGER_BOOK_H_
