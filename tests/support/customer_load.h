#ifndef TESTS_SUPPORT_CUSTOMER_LOAD_H_
#define TESTS_SUPPORT_CUSTOMER_LOAD_H_

// Callers of profile at two replicas: customers who are changed by etag and read by min_etag, and
// purchases that both replicas get at once.
//
// Thread safety: all but Create, Check and begin_ns may be called by many threads at once.

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "clientele/common/v1/consistency.pb.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "tests/support/call_log.h"
#include "tests/support/history.h"
#include "tests/support/ledger_load.h"

namespace clientele::history {

// Changes and reads customers of its own. The value of a version is the number its given_name is.
class CustomerLoad {
 public:
  // `failures` must outlive this. `strong` is how the reads ask that are checked as strong ones:
  // with BOUNDED the check must fail.
  CustomerLoad(const Target& target, common::v1::Consistency strong, Failures& failures);

  // Makes the customers.
  void Create();

  // Makes some calls; returns how many operations they were.
  int64_t Call(Random& random);

  struct Verdict {
    Anomalies anomalies;
    int64_t updates = 0;
    int64_t refusals = 0;
    int64_t reads = 0;
  };

  // Once all calls have ended.
  Verdict Check();

 private:
  int64_t Update(Random& random);
  int64_t ReadOne(Random& random);
  int64_t ReadOwnWrites(Random& random);
  int64_t KnownVersion(const std::string& customer_id);
  void RememberRead(const profile::v1::Customer& customer, const Interval& when,
                    int64_t version_min, bool is_strong);

  const Replicas<profile::v1::CustomerService> replicas_;
  const common::v1::Consistency strong_;
  Failures& failures_;
  std::atomic<int64_t> last_value_ = 0;
  std::mutex mutex_;
  std::map<std::string, History> histories_;  // by customer_id; guarded by mutex_
  std::map<std::string, int64_t> known_;      // the newest version told; guarded by mutex_
};

// Records purchases, each batch at both replicas at once.
class PurchaseLoad {
 public:
  // `failures` must outlive this; the customers exist.
  PurchaseLoad(const Target& target, std::vector<std::string> customer_ids, Failures& failures);

  // Records some; returns how many.
  int64_t Call(Random& random);

  // Once all calls have ended.
  const PurchaseTimes& begin_ns() const { return begin_ns_; }

 private:
  const Replicas<profile::v1::PurchaseService> replicas_;
  const std::vector<std::string> customer_ids_;
  Failures& failures_;
  std::mutex mutex_;
  PurchaseTimes begin_ns_;  // guarded by mutex_
};

}  // namespace clientele::history

#endif  // TESTS_SUPPORT_CUSTOMER_LOAD_H_
