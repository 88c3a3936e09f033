#ifndef TESTS_SUPPORT_COMPLAINT_LOAD_H_
#define TESTS_SUPPORT_COMPLAINT_LOAD_H_

// Callers of complaints at two replicas: complaints that are filed, handled and read.
//
// Thread safety: all but Check may be called by many threads at once.

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "tests/support/call_log.h"

namespace clientele::history {

// No call of it may fail, and each complaint is in the end as its last answer said.
class ComplaintLoad {
 public:
  // `failures` must outlive this; the customers exist.
  ComplaintLoad(const Target& target, std::vector<std::string> customer_ids, Failures& failures);

  // Handles a complaint from beginning to end, or reads some; returns how many operations it was.
  int64_t Call(Random& random);

  // Once all calls have ended: tells `failures` what is not as was told. Returns how many
  // complaints were closed.
  int64_t Check();

 private:
  int64_t Handle(Random& random);
  int64_t Read(Random& random);
  std::string KnownCustomer(Random& random);

  const Replicas<complaints::v1::ComplaintService> replicas_;
  const std::vector<std::string> customer_ids_;
  Failures& failures_;
  std::mutex mutex_;
  // The last answer about each, by complaint_id; guarded by mutex_.
  std::map<std::string, complaints::v1::Complaint> told_;
};

}  // namespace clientele::history

#endif  // TESTS_SUPPORT_COMPLAINT_LOAD_H_
