#ifndef SERVICES_LOYALTY_DOMAIN_PURCHASE_HISTORY_H_
#define SERVICES_LOYALTY_DOMAIN_PURCHASE_HISTORY_H_

// What a member bought and gave back, and how each event of profile's feed changes it.
// Thread safety: values; belong to one transaction.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/loyalty/domain/earning.h"
#include "services/loyalty/domain/ledger_book.h"
#include "services/loyalty/domain/tier.h"

namespace clientele::loyalty {

// Every purchase and refund of one member, and which of them a transaction added or changed.
class PurchaseHistory {
 public:
  // As stored; a refund whose purchase is missing is a CHECK failure when it is asked for.
  void Load(Earning earning);
  void Load(EarningRefund refund);

  // Null when the purchase has not arrived.
  const Earning* Find(const PurchaseId& purchase_id) const;
  bool HasRefund(const PurchaseId& purchase_id, const std::string& refund_number) const;

  // `earning` is of a purchase that is not there yet.
  Earning& Add(Earning earning);
  // Notes a refund of a purchase that is there; answers the purchase, to be changed.
  Earning& AddRefund(EarningRefund refund);

  // What counts for tiers: purchases in `currency_code` and what came back of them.
  std::vector<SpendEntry> SpendIn(const Program& program) const;

  // What this transaction made and changed.
  int64_t change_count() const { return made_count_ + static_cast<int64_t>(made_refunds_.size()); }
  std::vector<const Earning*> MadeEarnings() const;
  std::vector<const Earning*> ChangedEarnings() const;
  const std::vector<EarningRefund>& made_refunds() const { return made_refunds_; }

 private:
  enum class RowState { kStored, kMade, kChanged };
  struct EarningRow {
    Earning earning;
    RowState state;
  };

  std::vector<const Earning*> EarningsIn(RowState state) const;

  absl::btree_map<std::string, EarningRow> earnings_;  // by purchase_id
  // By purchase_id and refund_number.
  absl::btree_map<std::pair<std::string, std::string>, EarningRefund> refunds_;
  std::vector<EarningRefund> made_refunds_;
  int64_t made_count_ = 0;  // earnings
};

// One member as a transaction sees it.
struct MemberState {
  LedgerBook book;
  PurchaseHistory history;
};

// What purchase.recorded says.
struct RecordedPurchase {
  PurchaseId purchase_id;
  std::string currency_code;
  int64_t gross_minor = 0;
};

// What purchase.refunded says.
struct RecordedRefund {
  PurchaseId purchase_id;
  std::string refund_number;
  int64_t amount_minor = 0;
  int64_t refunded_minor = 0;  // of the purchase so far, this one included
};

// Each applies one event, and does nothing when the same was applied before. `time` is the event's,
// `as_of` what was taken for now when it was recorded: everything due by then has been posted
// (due.h). Of what is not due yet, what had expired when the event happened is expired first, so
// that an import earns, expires and takes back in the order in which things happened.
void ApplyPurchase(const Program& program, const RecordedPurchase& purchase, PostingTime time,
                   absl::Time as_of, MemberState& state);
// NOT_FOUND EARNING_NOT_FOUND when the purchase has not arrived: the feed is broken.
absl::Status ApplyRefund(const RecordedRefund& refund, PostingTime time, absl::Time as_of,
                         MemberState& state);
// A refund of all that is left. EARNING_NOT_FOUND as above.
absl::Status ApplyCancel(const PurchaseId& purchase_id, PostingTime time, absl::Time as_of,
                         MemberState& state);

// Sets the tier that the feed is told and tier_due_time to what they are at `as_of`, with an event
// when the tier is another one or the feed was told none yet. `record_time`: of the event.
void RefreshTier(const Program& program, absl::Time as_of, absl::Time record_time,
                 MemberState& state);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_PURCHASE_HISTORY_H_
