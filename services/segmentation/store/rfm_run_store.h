#ifndef SERVICES_SEGMENTATION_STORE_RFM_RUN_STORE_H_
#define SERVICES_SEGMENTATION_STORE_RFM_RUN_STORE_H_

// Runs and where they are in their life. Pure functions over a transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/segmentation/domain/rfm_run.h"

namespace clientele::segmentation {

// What a run does now.
struct RunProgress {
  std::string phase;  // "loading", "scoring", "writing"; empty before the first
  int64_t done_count = 0;
  int64_t total_count = 0;  // 0 = not known
};

// What StartRun was asked for.
struct NewRun {
  std::string run_id;
  std::string model_id;
  int64_t model_version = 0;
  std::string spec_bytes;
  absl::CivilDay as_of;
  absl::Time as_of_time;  // as_of 00:00 in the model's zone
  bool forced = false;
  absl::Time create_time;
};

struct RunRecord {
  RunNo run_no{};
  NewRun request;
  RunState state = RunState::kPending;
  RunProgress progress;  // as of the last change of phase
  bool cancel_requested = false;
  int64_t attempt_count = 0;  // begun so far, the one under way included
  std::optional<absl::Time> start_time;
  std::optional<absl::Time> end_time;
  std::string error_bytes;   // set when it failed
  std::string result_bytes;  // set when it succeeded
};

// Accepts a run as PENDING and answers its number.
absl::StatusOr<RunNo> InsertRun(sql::Tx& tx, const NewRun& run);

// nullopt when there is none.
absl::StatusOr<std::optional<RunRecord>> FindRun(sql::Tx& tx, absl::string_view run_id);
absl::StatusOr<std::optional<RunRecord>> FindLatestSucceededRun(sql::Tx& tx);

// The run to work on next: the oldest that is RUNNING (a restart has interrupted it) or PENDING.
absl::StatusOr<std::optional<RunRecord>> FindNextRun(sql::Tx& tx);

// How many runs are PENDING or RUNNING.
absl::StatusOr<int64_t> CountWaitingRuns(sql::Tx& tx);

// Newest first: at most `limit` runs older than `before`, or the newest when it is unset.
absl::StatusOr<std::vector<RunRecord>> ListRuns(sql::Tx& tx, std::optional<RunNo> before,
                                                int64_t limit);

// Counts one more attempt, before it begins: once this is committed the count survives whatever the
// attempt does to the process. Answers which attempt it is, from 1; nullopt when the run has ended.
absl::StatusOr<std::optional<int64_t>> TakeAttempt(sql::Tx& tx, RunNo run_no);

// Takes the last TakeAttempt back, for an attempt that a shutdown has interrupted.
absl::Status ReturnAttempt(sql::Tx& tx, RunNo run_no);

// A run begins, or begins again after a restart: RUNNING with `spec_bytes`, the spec with the
// currency it uses. Answers false when it has ended meanwhile.
absl::StatusOr<bool> BeginRun(sql::Tx& tx, RunNo run_no, absl::Time start_time,
                              absl::string_view spec_bytes);

absl::Status SaveProgress(sql::Tx& tx, RunNo run_no, const RunProgress& progress);

absl::Status RequestCancel(sql::Tx& tx, RunNo run_no);
absl::StatusOr<bool> IsCancelRequested(sql::Tx& tx, RunNo run_no);

// Ends a RUNNING run with its result; its scores become visible with it. Answers false and changes
// nothing when a cancel was asked for.
absl::StatusOr<bool> SucceedRun(sql::Tx& tx, RunNo run_no, absl::Time end_time,
                                absl::string_view result_bytes);

// Ends a run as FAILED with `error_bytes`.
absl::Status FailRun(sql::Tx& tx, RunNo run_no, absl::Time end_time, absl::string_view error_bytes);

// Ends a run as CANCELLED.
absl::Status CancelRun(sql::Tx& tx, RunNo run_no, absl::Time end_time);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_RFM_RUN_STORE_H_
