#ifndef SERVICES_LOYALTY_LIMITS_H_
#define SERVICES_LOYALTY_LIMITS_H_

// Every limit of the service that is not a rule of its domain, with its reason.

#include <cstdint>

#include "absl/time/time.h"
#include "common/pagination/page_size.h"
#include "services/loyalty/store/ledger_chain_store.h"

namespace clientele::loyalty {

// Contract limits: what a caller gets for page_size 0 and at most.
inline constexpr PageSizeLimits kEntryPageSize{50, 500};
inline constexpr PageSizeLimits kLotPageSize{50, 500};
inline constexpr PageSizeLimits kTierHistoryPageSize{50, 500};

// Ids of one BatchGetTiers: some tens of milliseconds of look-ups, some 200 KB of answer.
inline constexpr int kBatchTiersMax = 1000;

// Postings of one BatchPost: four transactions at most, some 400 KB of answer.
inline constexpr int kBatchPostingsMax = 1000;

// Characters of a caller's reference: an order or complaint number with room to spare.
inline constexpr int64_t kReferenceCharactersMax = 100;

// Members that the sweep takes in one transaction: some 50 ms, so that other writers wait no
// longer.
inline constexpr int64_t kSweepMembers = 200;

// Transactions of one sweep: what is left is taken up by the next one.
inline constexpr int kSweepTransactionsMax = 500;

// How long after its record time an event of profile is committed at the latest, the difference of
// the machines' clocks included: many times what a write takes. The sweep keeps that far behind.
inline constexpr absl::Duration kRecordedLateMax = absl::Minutes(1);

// How long the sweep waits for profile to say where its feed is: the next sweep asks again.
inline constexpr absl::Duration kFeedHeadTimeout = absl::Seconds(2);

// Members that one read of the check of the ledger sums up: some 20 ms of reading.
inline constexpr int64_t kCheckMembers = 1000;

// Reads of one part of the check, which ends soon enough for a server that is to stop.
inline constexpr int kCheckPagesMax = 50;

// One page of VerifyLedger: some 50 ms of reading and hashing, at most some 400 KB of answer.
inline constexpr ChainPageLimits kChainPageLimits{.rows_max = 5000, .strays_max = 1000};

// Heads of one VerifyLedgerHeads: a statement each, some 50 ms.
inline constexpr int kVerifyHeadsMax = 1000;

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_LIMITS_H_
