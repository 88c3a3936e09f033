#ifndef SERVICES_SEGMENTATION_JOBS_SNAPSHOT_WRITER_H_
#define SERVICES_SEGMENTATION_JOBS_SNAPSHOT_WRITER_H_

// The writing phase of a run.

#include "absl/status/status.h"
#include "services/segmentation/domain/scoring.h"
#include "services/segmentation/jobs/population_loader.h"
#include "services/segmentation/jobs/run_lease.h"
#include "services/segmentation/jobs/run_watch.h"

namespace clientele::segmentation {

// Writes a score for every scored customer and every one out of the window, by customer, in chunks
// that each are a transaction. Cancellable between chunks; what was written stays until
// DeleteSnapshot.
absl::Status WriteSnapshot(RunLease& lease, const RfmModelSpec& spec,
                           const LoadedPopulation& loaded, const RunScores& scores,
                           RunWatch& watch);

// Deletes every score of a run, in chunks.
absl::Status DeleteSnapshot(RunLease& lease, RunNo run_no);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_SNAPSHOT_WRITER_H_
