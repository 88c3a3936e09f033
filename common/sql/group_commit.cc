#include "common/sql/group_commit.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"

namespace clientele::sql {

GroupCommit::GroupCommit(const GroupCommitOptions& options, Commit commit)
    : options_(options), commit_(std::move(commit)) {}

absl::Status GroupCommit::Run(std::shared_ptr<GroupMember> member, absl::Time deadline) {
  return RunAll({std::move(member)}, deadline).front();
}

std::vector<absl::Status> GroupCommit::RunAll(std::vector<std::shared_ptr<GroupMember>> members,
                                              absl::Time deadline) {
  const auto call = std::make_shared<Call>(deadline);
  Batch places;
  places.reserve(members.size());
  for (auto& member : members) {
    places.push_back(std::make_shared<Place>(std::move(member), call));
  }
  std::unique_lock<std::mutex> lock(mutex_);
  if (waiting_.size() + places.size() > options_.waiting_max) {
    return std::vector<absl::Status>(places.size(), DatabaseOverloaded());
  }
  waiting_.insert(waiting_.end(), places.begin(), places.end());
  call->undone_count = places.size();
  while (AwaitTurn(lock, *call)) {
    LeadBatch(lock);
  }
  return Leave(places);
}

size_t GroupCommit::waiting_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return waiting_.size();
}

bool GroupCommit::AwaitTurn(std::unique_lock<std::mutex>& lock, Call& call) {
  const auto is_over = [this, &call] { return call.undone_count == 0 || !committing_; };
  if (call.deadline == absl::InfiniteFuture()) {
    call.changed.wait(lock, is_over);
  } else if (!call.changed.wait_until(lock, absl::ToChronoTime(call.deadline), is_over)) {
    return false;
  }
  return call.undone_count > 0;
}

void GroupCommit::LeadBatch(std::unique_lock<std::mutex>& lock) {
  committing_ = true;
  const Batch batch = TakeBatch();
  lock.unlock();
  std::vector<absl::Status> statuses = CommitAll(batch);
  lock.lock();
  for (size_t i = 0; i < batch.size(); ++i) {
    Place& place = *batch[i];
    place.status = std::move(statuses[i]);
    place.phase = Phase::kDone;
    if (--place.call->undone_count == 0) {
      place.call->changed.notify_one();
    }
  }
  committing_ = false;
  WakeFirst();
}

void GroupCommit::WakeFirst() {
  if (!committing_ && !waiting_.empty()) {
    waiting_.front()->call->changed.notify_one();
  }
}

std::vector<absl::Status> GroupCommit::Leave(const Batch& of_a_call) {
  std::vector<absl::Status> statuses;
  statuses.reserve(of_a_call.size());
  for (const auto& place : of_a_call) {
    statuses.push_back(place->phase == Phase::kDone ? place->status : DatabaseDeadlineExceeded());
    if (place->phase == Phase::kWaits) {
      waiting_.erase(std::find(waiting_.begin(), waiting_.end(), place));
    }
  }
  // This call may have been woken to commit for the others too.
  WakeFirst();
  return statuses;
}

GroupCommit::Batch GroupCommit::TakeBatch() {
  Batch batch;
  std::deque<std::shared_ptr<Place>> left;
  absl::flat_hash_set<absl::string_view> keys;
  size_t weight = 0;
  bool full = false;
  for (auto& place : waiting_) {
    const GroupMember& member = *place->member;
    const bool again = keys.contains(member.key());
    full =
        full || (!again && !batch.empty() && weight + member.weight() > options_.batch_weight_max);
    if (full || again) {
      left.push_back(std::move(place));
      continue;
    }
    keys.insert(member.key());
    weight += member.weight();
    place->phase = Phase::kInBatch;
    batch.push_back(std::move(place));
  }
  waiting_ = std::move(left);
  return batch;
}

std::vector<absl::Status> GroupCommit::CommitAll(const Batch& batch) const {
  if (batch.size() == 1) {
    return {CommitAlone(*batch.front())};
  }
  std::vector<GroupMember*> members;
  members.reserve(batch.size());
  for (const auto& place : batch) {
    members.push_back(place->member.get());
  }
  absl::Status status = commit_(members, absl::Now() + options_.batch_timeout);
  std::vector<absl::Status> statuses(batch.size(), status);
  if (status.ok()) {
    return statuses;
  }
  status = absl::OkStatus();
  for (size_t i = 0; i < batch.size(); ++i) {
    // Once the database is away, the others learn that without another try.
    if (status.code() != absl::StatusCode::kUnavailable) {
      status = CommitAlone(*batch[i]);
    }
    statuses[i] = status;
  }
  return statuses;
}

absl::Status GroupCommit::CommitAlone(const Place& place) const {
  GroupMember* const member = place.member.get();
  return commit_({&member, 1},
                 std::min(place.call->deadline, absl::Now() + options_.batch_timeout));
}

}  // namespace clientele::sql
