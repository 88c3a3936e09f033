#include "common/sql/group_commit.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"

namespace clientele::sql {

namespace {

// Whether a status is that of every member of its batch, and not what a single one may have caused.
bool IsCommon(const absl::Status& status) {
  return status.ok() || absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

}  // namespace

int CommitsMax(const PoolLoad& pool) { return std::clamp(pool.writers_max / 2, 1, 4); }

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
  for (const auto& place : places) {
    free_weight_ += FreeWeight(*place->member);
  }
  call->undecided_count = places.size();
  while (AwaitTurn(lock, *call)) {
    LeadBatch(lock);
  }
  Leave(places);
  // Nobody changes a place any more but those that are in a batch, which count as too late.
  std::vector<absl::Status> statuses;
  std::vector<size_t> alone;
  statuses.reserve(places.size());
  for (size_t i = 0; i < places.size(); ++i) {
    const bool is_done = places[i]->phase == Phase::kDone;
    statuses.push_back(is_done ? places[i]->status : DatabaseDeadlineExceeded());
    if (places[i]->phase == Phase::kToDoAlone) {
      alone.push_back(i);
    }
  }
  lock.unlock();
  for (const size_t i : alone) {
    statuses[i] = CommitAlone(*places[i]);
  }
  return statuses;
}

size_t GroupCommit::waiting_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return waiting_.size();
}

bool GroupCommit::AwaitTurn(std::unique_lock<std::mutex>& lock, Call& call) {
  const auto is_over = [this, &call] { return call.undecided_count == 0 || MayCommit(); };
  if (call.deadline == absl::InfiniteFuture()) {
    call.changed.wait(lock, is_over);
  } else if (!call.changed.wait_until(lock, absl::ToChronoTime(call.deadline), is_over)) {
    return false;
  }
  return call.undecided_count > 0;
}

void GroupCommit::LeadBatch(std::unique_lock<std::mutex>& lock) {
  const Batch batch = TakeBatch();
  Begin(batch);
  WakeFirst();
  lock.unlock();
  const absl::Status status = CommitBatch(batch);
  const bool is_common = batch.size() == 1 || IsCommon(status);
  lock.lock();
  for (const auto& place : batch) {
    place->status = status;
    place->phase = is_common ? Phase::kDone : Phase::kToDoAlone;
    if (--place->call->undecided_count == 0) {
      place->call->changed.notify_one();
    }
  }
  End(batch);
  WakeFirst();
}

bool GroupCommit::MayCommit() const {
  return commit_count_ == 0
             ? !waiting_.empty()
             : commit_count_ < options_.commits_max && free_weight_ >= options_.batch_weight_max;
}

void GroupCommit::WakeFirst() {
  if (MayCommit()) {
    waiting_.front()->call->changed.notify_one();
  }
}

bool GroupCommit::IsFree(const GroupMember& member) const {
  const auto locks = member.lock_keys();
  return !keys_.contains(member.key()) &&
         std::none_of(locks.begin(), locks.end(),
                      [this](const std::string& key) { return lock_keys_.contains(key); });
}

size_t GroupCommit::FreeWeight(const GroupMember& member) const {
  return IsFree(member) ? member.weight() : 0;
}

void GroupCommit::CountFree() {
  free_weight_ = 0;
  for (const auto& place : waiting_) {
    free_weight_ += FreeWeight(*place->member);
  }
}

void GroupCommit::Begin(const Batch& batch) {
  ++commit_count_;
  for (const auto& place : batch) {
    keys_.insert(place->member->key());
    const auto locks = place->member->lock_keys();
    lock_keys_.insert(locks.begin(), locks.end());
  }
  CountFree();
}

void GroupCommit::End(const Batch& batch) {
  --commit_count_;
  for (const auto& place : batch) {
    keys_.erase(place->member->key());
    for (const std::string& key : place->member->lock_keys()) {
      lock_keys_.erase(key);
    }
  }
  CountFree();
}

void GroupCommit::Leave(const Batch& places) {
  for (const auto& place : places) {
    if (place->phase == Phase::kWaits) {
      waiting_.erase(std::find(waiting_.begin(), waiting_.end(), place));
      free_weight_ -= FreeWeight(*place->member);
    }
  }
  // This call may have been woken to commit for the others too.
  WakeFirst();
}

GroupCommit::Batch GroupCommit::TakeBatch() {
  Batch batch;
  std::deque<std::shared_ptr<Place>> left;
  absl::flat_hash_set<absl::string_view> keys;
  size_t weight = 0;
  bool full = false;
  for (auto& place : waiting_) {
    const GroupMember& member = *place->member;
    const bool must_wait = keys.contains(member.key()) || !IsFree(member);
    full = full ||
           (!must_wait && !batch.empty() && weight + member.weight() > options_.batch_weight_max);
    if (full || must_wait) {
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

absl::Status GroupCommit::CommitBatch(const Batch& batch) const {
  std::vector<GroupMember*> members;
  members.reserve(batch.size());
  for (const auto& place : batch) {
    members.push_back(place->member.get());
  }
  const absl::Time deadline =
      batch.size() == 1 ? batch.front()->call->deadline : absl::Now() + options_.batch_timeout;
  return commit_(members, deadline);
}

absl::Status GroupCommit::CommitAlone(const Place& place) const {
  GroupMember* const member = place.member.get();
  return commit_({&member, 1}, place.call->deadline);
}

}  // namespace clientele::sql
