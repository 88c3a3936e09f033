#ifndef TESTS_SUPPORT_SEGMENTATION_LOAD_H_
#define TESTS_SUPPORT_SEGMENTATION_LOAD_H_

// Callers of segmentation at two replicas: runs that are started now and then, and reads of what
// they found.
//
// Thread safety: all but Prepare and Check may be called by many threads at once.

#include <mutex>
#include <string>
#include <vector>

#include "clientele/segmentation/v1/analytics_service.grpc.pb.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "tests/support/call_log.h"

namespace clientele::history {

// No call of it may fail, and no run.
class SegmentationLoad {
 public:
  // `failures` must outlive this; the customers exist and have bought.
  SegmentationLoad(const Target& target, std::vector<std::string> customer_ids, Failures& failures);

  // Publishes the model, and waits for its first run.
  void Prepare();

  // Makes a call; returns how many operations it was.
  int64_t Call(Random& random);

  // Once all runs have ended: tells `failures` of those that did not succeed. Returns how many did.
  int64_t Check();

 private:
  segmentation::v1::RfmRun Await(const std::string& run_id);
  void Start(Random& random);
  void Report(Random& random);
  void ReadScore(Random& random);
  void ListScores(Random& random);

  const Replicas<segmentation::v1::RfmService> replicas_;
  const Replicas<segmentation::v1::AnalyticsService> reports_;
  const std::vector<std::string> customer_ids_;
  Failures& failures_;
  std::mutex mutex_;
  std::vector<std::string> run_ids_;  // guarded by mutex_
};

}  // namespace clientele::history

#endif  // TESTS_SUPPORT_SEGMENTATION_LOAD_H_
