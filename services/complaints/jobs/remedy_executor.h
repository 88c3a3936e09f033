#ifndef SERVICES_COMPLAINTS_JOBS_REMEDY_EXECUTOR_H_
#define SERVICES_COMPLAINTS_JOBS_REMEDY_EXECUTOR_H_

// Gives the points of approved remedies, exactly once, whatever fails or is killed when.
//
// The work is a row that the approval left. An attempt is counted and committed before loyalty is
// called, always with the same request_id; its outcome is committed with the end of the work. So a
// crash in between leads to another attempt, which loyalty answers as the first. When attempts run
// out with the outcome unknown, or loyalty refuses one after another may have arrived, the points
// are taken back until loyalty confirms it; should loyalty refuse that, a person is told, and it
// is asked on, less and less often.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/client.h"
#include "services/complaints/api/clients/loyalty_client.h"
#include "services/complaints/api/handlers/api_context.h"
#include "services/complaints/domain/remedy_plan.h"
#include "services/complaints/jobs/job_failure.h"
#include "services/complaints/store/work_store.h"

namespace clientele::complaints {

struct RemedyExecutorOptions {
  // Some nine hours with the waits below: longer than loyalty should ever be away.
  int64_t attempts_max = 60;
  absl::Duration attempt_timeout = absl::Seconds(2);
  // Between attempts, doubling.
  absl::Duration retry_wait_min = absl::Milliseconds(500);
  absl::Duration retry_wait_max = absl::Minutes(10);
  // A remedy's attempts follow one another at least at this distance; more than attempt_timeout, so
  // that two never run at once.
  absl::Duration attempt_distance = absl::Seconds(3);
  int batch_max = 20;                            // attempts of one round
  absl::Duration idle_wait = absl::Seconds(30);  // so that the work of other processes is found
};

// Thread-safe, but RunDue is for one thread.
class RemedyExecutor {
 public:
  // `on_error` is told of every attempt that failed and of every transaction that did; it needs a
  // person when loyalty refuses to take points back. `api` outlives the executor.
  RemedyExecutor(const RemedyExecutorOptions& options, const ApiContext& api,
                 OnJobFailure on_error);

  // Makes one attempt on one remedy unless its outcome is known; while another attempt on it is
  // under way, waits for that one instead, at most until the deadline.
  void Attempt(const RemedyKey& key, const rpc::CallOptions& options);

  // Makes an attempt on each remedy that is due, at most batch_max, until loyalty does not answer.
  // Those whose transactions fail keep none behind them waiting, however many they are: they are
  // tried again after some minutes or, where not even that can be stored, after all that was due.
  // Answers how long to wait before the next round.
  absl::Duration RunDue();

 private:
  // What an attempt needs to know once it is counted.
  struct Begun {
    RemedyWork work;
    PointsGrant grant;
  };

  // Marks the remedy as under way, or waits until it no longer is and answers false.
  bool Enter(const RemedyId& id, absl::Time deadline);
  void Leave(const RemedyId& id);

  // What this round is for.
  absl::StatusOr<std::vector<RemedyWork>> NextBatch();
  // Makes one whose attempt could not begin wait; where that cannot be stored, the rounds go on
  // behind it until they have seen all that was due.
  void StepBack(const RemedyWork& work);
  // When the attempt after one that begins now may begin.
  absl::Time TimeAfterAttempt(const RemedyWork& work) const;

  // False when loyalty did not answer.
  absl::StatusOr<bool> TryAttempt(const RemedyKey& key, const rpc::CallOptions& options) const;
  absl::StatusOr<std::optional<Begun>> Begin(const RemedyKey& key) const;
  absl::Status FinishGive(const Begun& begun, const LedgerResult& result) const;
  absl::Status Settle(const Begun& begun, const RemedyMove& move) const;
  absl::StatusOr<ComplaintPlan> MoveIn(sql::Tx& tx, const Begun& begun, const RemedyMove& move,
                                       absl::Time record_time) const;

  const RemedyExecutorOptions options_;
  const ApiContext& api_;
  const OnJobFailure on_error_;
  std::mutex mutex_;
  std::condition_variable left_;
  absl::flat_hash_set<RemedyId> under_way_;  // guarded by mutex_
  // Of RunDue: behind which the next round goes on, and by when was due what it sees; nullopt = it
  // sees all that is due.
  std::optional<WorkPlace> after_;
  absl::Time pass_time_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_JOBS_REMEDY_EXECUTOR_H_
