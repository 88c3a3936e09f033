#ifndef TESTS_SUPPORT_BUYING_H_
#define TESTS_SUPPORT_BUYING_H_

// Customers who buy until they have the highest tier, and then make room for new ones; and runs
// that score others. What is certain to be in the databases is told to KnownValues.
//
// Thread safety: all but Prepare may be called by many threads at once.

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clientele/loyalty/v1/member_service.grpc.pb.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "tests/support/cached_reads.h"
#include "tests/support/call_log.h"

namespace clientele::history {

struct Servers {
  Target profile;
  Target loyalty;
  Target segmentation;
};

struct Buyer {
  std::string customer_id;
  int64_t spent_minor = 0;
};

class Buying {
 public:
  // `prefix`: of the buyers' ids, which are new ones; `members` have bought long enough ago to be
  // scored. What is referred to must outlive this.
  Buying(const Servers& servers, std::string prefix, std::vector<std::string> members,
         KnownValues& known, Failures& failures);

  // Makes the buyers, publishes the model and waits for its first run.
  void Prepare(Random& random);

  // Those of now.
  std::vector<Buyer> Buyers() const;

  // Has one of the buyers whose number is `part` modulo `part_count` buy something, or makes room
  // for a new one; only one thread does that for each part. False = a call has failed.
  bool Buy(size_t part, size_t part_count, Random& random);

  // Makes a run, from its start to its end: one after the other. False = it failed, or a call.
  bool Score(Random& random);

  // What loyalty has had of a buyer, which no cache answers.
  int64_t FindSpend(const Buyer& buyer, Random& random);

  int64_t customer_count() const { return customer_count_; }
  int64_t purchase_count() const { return purchase_count_; }
  int64_t run_count() const { return run_count_; }

 private:
  // Puts a new customer, who has bought nothing yet, in the place of a buyer.
  bool ReplaceBuyer(size_t number, Random& random);
  bool RecordPurchase(size_t number, const Buyer& buyer, Random& random);

  const Replicas<profile::v1::CustomerService> customers_;
  const Replicas<profile::v1::PurchaseService> purchases_;
  const Replicas<loyalty::v1::MemberService> members_;
  const Replicas<segmentation::v1::RfmService> runs_;
  const std::string prefix_;
  const std::vector<std::string> scored_;
  KnownValues& known_;
  Failures& failures_;
  mutable std::mutex mutex_;
  std::vector<Buyer> buyers_;  // guarded by mutex_
  std::atomic<int64_t> customer_count_ = 0;
  std::atomic<int64_t> purchase_count_ = 0;
  std::atomic<int64_t> run_count_ = 0;
};

}  // namespace clientele::history

#endif  // TESTS_SUPPORT_BUYING_H_
