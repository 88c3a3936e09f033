#ifndef COMMON_SQL_GROUP_COMMIT_H_
#define COMMON_SQL_GROUP_COMMIT_H_

// Lets concurrent callers share one transaction.
//
// A caller that finds nothing under way commits at once; whoever comes while a commit is in flight
// collects in a queue, and the first of them commits them all next, or at once when they are worth
// a commit beside the one in flight. So there is no timer, a lone caller waits for nobody, and the
// batches grow with the load. There is no thread either: callers commit for each other.
//
// Thread-safe; locks with std::mutex so that TSan can follow it.

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace clientele::sql {

// What one caller wants to be done, and what came of it; derive from it. It lives on when its
// caller has left, so it holds values, not references to the caller's stack.
class GroupMember {
 public:
  virtual ~GroupMember() = default;

  // Its request_id with what that is unique in. Members with one key never share a transaction: the
  // second must find what the first one did. Constant.
  virtual absl::string_view key() const = 0;

  // The root rows that its transaction locks, any order. While one of them is in a transaction,
  // members that need it wait for its end rather than for the lock. Constant.
  virtual absl::Span<const std::string> lock_keys() const = 0;

  // How much of a transaction it fills, at least 1. Constant.
  virtual size_t weight() const { return 1; }
};

struct GroupCommitOptions {
  // Of one transaction, unless a single member weighs more: some tens of milliseconds of work, long
  // enough to share one commit and too short to make the next batch wait.
  size_t batch_weight_max = 1024;

  // Batches in flight at a time; they lock other rows.
  int commits_max = 1;

  // Less than this waits for a batch in flight rather than make one beside it, at least 1: a small
  // one costs as much to commit as a large one.
  size_t beside_weight_min = 256;

  // Whose members would make more than this wait is told so at once: 64 each of 256 callers, as
  // many as a server has threads by default.
  size_t waiting_max = 16'384;

  // What a batch has, whatever its callers' deadlines are; one of a single member no more than its
  // caller's. One row that somebody keeps locked holds up everybody for this long, before its own
  // caller alone waits for it.
  absl::Duration batch_timeout = absl::Seconds(1);
};

// commits_max for a database: half of its writers at most, which others want to be, too, and no
// more than four, since each further one saves less and makes the batches smaller.
int CommitsMax(const PoolLoad& pool);

class GroupCommit {
 public:
  // Does what the members ask for, in their order, in one transaction (RunIdempotent), and gives
  // each its outcome; a member that is refused has no effect and is no error here. Thread-safe:
  // after an error that a single member may have caused, each is done again alone by its caller.
  using Commit =
      std::function<absl::Status(absl::Span<GroupMember* const> members, absl::Time deadline)>;

  GroupCommit(const GroupCommitOptions& options, Commit commit);
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Returns when a transaction that did `member` has ended: OK = committed, or its error.
  // RESOURCE_EXHAUSTED OVERLOADED at once when too many wait. DEADLINE_EXCEEDED DEADLINE_TOO_SHORT
  // when `deadline` passes first: then read nothing of the member, which may still be done, if its
  // batch had begun. Who commits for others may be kept beyond its deadline, by one batch_timeout.
  // No call may be running when this is destroyed.
  absl::Status Run(std::shared_ptr<GroupMember> member, absl::Time deadline);

  // The same for several, which may share a transaction: what became of each, in their order.
  // OVERLOADED is for all of them.
  std::vector<absl::Status> RunAll(std::vector<std::shared_ptr<GroupMember>> members,
                                   absl::Time deadline);

  // How many wait for the batch under way to end.
  size_t waiting_count() const;

 private:
  struct Call;   // one call of RunAll
  struct Place;  // one member's
  using Batch = std::vector<std::shared_ptr<Place>>;

  // Returns when all members of `call` are decided or its deadline has passed. `lock` is held; when
  // it is not at the end, all are decided.
  void AwaitOutcome(std::unique_lock<std::mutex>& lock, Call& call);
  // Commits what waits longest. `lock` is held, and again at the end.
  void LeadBatch(std::unique_lock<std::mutex>& lock);
  // The same with mutex_ held:
  bool MayCommit() const;  // something waits whose turn it is
  void WakeFirst();
  Batch TakeBatch();
  bool IsInFlight(const Place& place) const;  // something of it is
  bool IsFree(const Place& place) const;      // it is not, and nobody who was looked at claims it
  void Claim(const Place& place);             // what it needs, which nobody overtakes it for
  void Count(const Place& place);  // behind those counted before: as free, or what it claims
  void CountFree();
  void Begin(const Batch& batch);
  void End(const Batch& batch);
  void Leave(const Call& call);
  // Without the lock:
  absl::Status CommitBatch(const Batch& batch) const;
  absl::Status CommitAlone(const Place& place) const;

  const GroupCommitOptions options_;
  const Commit commit_;
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  std::deque<std::shared_ptr<Place>> waiting_;  // in order of arrival
  size_t free_weight_ = 0;                      // of what waits longest and is free
  int commit_count_ = 0;                        // in flight
  // Of the members in flight:
  absl::flat_hash_set<size_t> key_hashes_;
  absl::flat_hash_set<size_t> lock_hashes_;
  // What those need who were looked at and are not free: nobody behind them overtakes them.
  absl::flat_hash_set<size_t> claimed_hashes_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_GROUP_COMMIT_H_
