#ifndef COMMON_SQL_GROUP_COMMIT_H_
#define COMMON_SQL_GROUP_COMMIT_H_

// Lets concurrent callers share one transaction.
//
// A caller that finds nothing under way commits at once; whoever comes while a commit is in flight
// collects in a queue, and the first of them commits them all next. So there is no timer, a lone
// caller waits for nobody, and the batches grow with the load. There is no thread either: callers
// commit for each other.
//
// Thread-safe; locks with std::mutex so that TSan can follow it.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace clientele::sql {

// What one caller wants to be done, and what came of it; derive from it. It lives on when its
// caller has left, so it holds values, not references to the caller's stack.
class GroupMember {
 public:
  virtual ~GroupMember() = default;

  // Its request_id with what that is unique in. Members with one key never share a transaction: the
  // second must find what the first one did. Constant.
  virtual absl::string_view key() const = 0;

  // How much of a transaction it fills, at least 1. Constant.
  virtual size_t weight() const { return 1; }
};

struct GroupCommitOptions {
  size_t batch_weight_max = 256;  // of one transaction, unless a single member weighs more

  // Who finds this many before it is told so at once.
  size_t waiting_max = 1024;

  // A batch has this long, whatever its callers' deadlines are.
  absl::Duration batch_timeout = absl::Seconds(5);
};

class GroupCommit {
 public:
  // Does what the members ask for, in their order, in one transaction, and gives each its outcome;
  // a member that is refused has no effect and is no error here. Must be repeatable: after an
  // error, which undid everything or left the commit in doubt, each member is done again alone.
  // Only one call at a time.
  using Commit =
      std::function<absl::Status(absl::Span<GroupMember* const> members, absl::Time deadline)>;

  GroupCommit(const GroupCommitOptions& options, Commit commit);
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Returns when a transaction that did `member` has ended: OK = committed, or its error.
  // RESOURCE_EXHAUSTED OVERLOADED at once when too many wait. DEADLINE_EXCEEDED DEADLINE_TOO_SHORT
  // when `deadline` passes first: then read nothing of the member, which may still be done, if its
  // batch had begun. No call may be running when this is destroyed.
  absl::Status Run(std::shared_ptr<GroupMember> member, absl::Time deadline);

  // How many wait for the batch under way to end.
  size_t waiting_count() const;

 private:
  enum class Phase { kWaits, kLeads, kInBatch, kDone };

  // One caller's place. `phase` and `status` are guarded by mutex_.
  struct Place {
    Place(std::shared_ptr<GroupMember> m, absl::Time d) : member(std::move(m)), deadline(d) {}
    const std::shared_ptr<GroupMember> member;
    const absl::Time deadline;
    std::condition_variable changed;
    Phase phase = Phase::kWaits;
    absl::Status status;
  };
  using Batch = std::vector<std::shared_ptr<Place>>;

  // Returns once the place leads or is done, or its deadline has passed.
  static void Await(std::unique_lock<std::mutex>& lock, Place& place);
  // Commits what waits, the leader itself first, then hands the lead on. `lock` is held.
  void LeadBatch(std::unique_lock<std::mutex>& lock);
  Batch TakeBatch();  // mutex_ held
  // What became of each; without the lock.
  std::vector<absl::Status> CommitAll(const Batch& batch) const;
  absl::Status CommitAlone(const Place& place) const;

  const GroupCommitOptions options_;
  const Commit commit_;
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  std::deque<std::shared_ptr<Place>> waiting_;  // in order of arrival
  bool committing_ = false;                     // somebody leads
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_GROUP_COMMIT_H_
