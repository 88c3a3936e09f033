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
  const auto place = std::make_shared<Place>(std::move(member), deadline);
  std::unique_lock<std::mutex> lock(mutex_);
  if (waiting_.size() >= options_.waiting_max) {
    return DatabaseOverloaded();
  }
  waiting_.push_back(place);
  if (committing_) {
    Await(lock, *place);
  } else {
    committing_ = true;
    place->phase = Phase::kLeads;
  }
  switch (place->phase) {
    case Phase::kWaits:
      waiting_.erase(std::find(waiting_.begin(), waiting_.end(), place));
      return DatabaseDeadlineExceeded();
    case Phase::kInBatch:
      return DatabaseDeadlineExceeded();
    case Phase::kLeads:
      LeadBatch(lock);
      break;
    case Phase::kDone:
      break;
  }
  return place->status;
}

size_t GroupCommit::waiting_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return waiting_.size();
}

void GroupCommit::Await(std::unique_lock<std::mutex>& lock, Place& place) {
  const auto has_turn = [&place] {
    return place.phase == Phase::kLeads || place.phase == Phase::kDone;
  };
  if (place.deadline == absl::InfiniteFuture()) {
    place.changed.wait(lock, has_turn);
  } else {
    place.changed.wait_until(lock, absl::ToChronoTime(place.deadline), has_turn);
  }
}

void GroupCommit::LeadBatch(std::unique_lock<std::mutex>& lock) {
  const Batch batch = TakeBatch();
  lock.unlock();
  std::vector<absl::Status> statuses = CommitAll(batch);
  lock.lock();
  for (size_t i = 0; i < batch.size(); ++i) {
    batch[i]->status = std::move(statuses[i]);
    batch[i]->phase = Phase::kDone;
    batch[i]->changed.notify_one();
  }
  committing_ = !waiting_.empty();
  if (committing_) {
    waiting_.front()->phase = Phase::kLeads;
    waiting_.front()->changed.notify_one();
  }
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
  return commit_({&member, 1}, std::min(place.deadline, absl::Now() + options_.batch_timeout));
}

}  // namespace clientele::sql
