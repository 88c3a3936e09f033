#ifndef TESTS_SUPPORT_RFM_RUNS_H_
#define TESTS_SUPPORT_RFM_RUNS_H_

// What the loads ask of segmentation: one model, and a run of it whenever one is wanted.
//
// Thread safety: pure functions; a Random belongs to one thread.

#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "tests/support/call_log.h"

namespace clientele::history {

// The model of all runs.
segmentation::v1::PublishRfmModelRequest MakeModel();

// A run of that model even when nothing has changed, as of a day when every customer of the loads
// has bought. Its request id is new.
segmentation::v1::StartRunRequest MakeRun(Random& random);

// Whether it has ended, well or not.
bool IsOver(const segmentation::v1::RfmRun& run);

}  // namespace clientele::history

#endif  // TESTS_SUPPORT_RFM_RUNS_H_
