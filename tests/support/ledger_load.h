#ifndef TESTS_SUPPORT_LEDGER_LOAD_H_
#define TESTS_SUPPORT_LEDGER_LOAD_H_

// Callers of loyalty's ledger at two replicas, what they were told, and whether that can be.
//
// Thread safety: all but Check may be called by many threads at once.

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "tests/support/call_log.h"
#include "tests/support/history.h"

namespace clientele::history {

// What is stored of one member in the end.
struct StoredAccount {
  std::vector<loyalty::v1::LedgerEntry> entries;  // by seq
  loyalty::v1::Balance balance;
  std::vector<loyalty::v1::Lot> lots;
};

// What the points of an entry are to the member: negative when they leave.
int64_t SignedPoints(const loyalty::v1::LedgerEntry& entry);

// How many of these do not hold: seq is dense from 1; each balance is the one before and the
// points; the last is the member's; so is the sum of the lots without the debt.
int64_t CountMiscounts(const StoredAccount& account);

// When the purchases of a load began to be recorded, by purchase_id.
using PurchaseTimes = std::map<std::string, int64_t>;

class LedgerLoad {
 public:
  // `failures` must outlive this.
  LedgerLoad(const Target& target, std::vector<std::string> customer_ids, Failures& failures);

  // What is stored counts as having been there before all calls.
  void ReadFirst();

  // Makes some call; returns how many operations it was.
  int64_t Call(Random& random);

  struct Verdict {
    Anomalies anomalies;
    int64_t miscounts = 0;
    // The members' balances less what callers were told to have given and taken, and purchases
    // earned.
    int64_t total_off = 0;
    int64_t postings = 0;
    int64_t refusals = 0;
    int64_t reads = 0;
  };

  // Once all calls have ended and loyalty has had every purchase.
  Verdict Check(const PurchaseTimes& purchases);

 private:
  int64_t Post(Random& random);
  int64_t PostMany(Random& random);
  int64_t ReadBalance(Random& random);
  loyalty::v1::BatchPostRequest::Posting DrawPosting(Random& random) const;
  absl::StatusOr<loyalty::v1::LedgerEntry> Send(
      loyalty::v1::LedgerService::Stub& stub, const loyalty::v1::BatchPostRequest::Posting& posting,
      Interval& when);
  void Remember(const loyalty::v1::BatchPostRequest::Posting& posting,
                const absl::StatusOr<loyalty::v1::LedgerEntry>& answer, const Interval& when);
  StoredAccount ReadAccount(const std::string& customer_id);

  const Replicas<loyalty::v1::LedgerService> replicas_;
  const std::vector<std::string> customer_ids_;
  Failures& failures_;
  std::mutex mutex_;
  std::map<std::string, History> histories_;  // by customer_id; guarded by mutex_
  int64_t points_told_ = 0;                   // the sum of all entries told; guarded by mutex_
};

}  // namespace clientele::history

#endif  // TESTS_SUPPORT_LEDGER_LOAD_H_
