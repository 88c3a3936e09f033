#include "common/sql/group_commit.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"

namespace clientele::sql {

namespace {

// Whether a status is that of every member of its batch, and not what a single one may have caused.
bool IsCommon(const absl::Status& status) {
  return status.ok() || absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

// Whether a batch of `size` ends with `status` for a member with that deadline; if not, it is done
// again alone.
bool IsFinal(const absl::Status& status, size_t size, absl::Time deadline) {
  const bool has_time_left = absl::IsDeadlineExceeded(status) && absl::Now() < deadline;
  return IsCommon(status) || (size == 1 && !has_time_left);
}

bool HasOneOf(const absl::flat_hash_set<size_t>& set, absl::Span<const size_t> hashes) {
  return std::any_of(hashes.begin(), hashes.end(),
                     [&set](size_t hash) { return set.contains(hash); });
}

enum class Phase { kWaits, kInBatch, kDone, kToDoAlone };

std::vector<size_t> HashesOf(absl::Span<const std::string> keys) {
  std::vector<size_t> hashes;
  hashes.reserve(keys.size());
  for (const std::string& key : keys) {
    hashes.push_back(absl::HashOf(key));
  }
  return hashes;
}

}  // namespace

int CommitsMax(const PoolLoad& pool) { return std::clamp(pool.writers_max / 2, 1, 4); }

// Guarded by mutex_.
struct GroupCommit::Call {
  explicit Call(absl::Time d) : deadline(d) {}
  const absl::Time deadline;
  std::condition_variable changed;  // it may commit, or all is done
  size_t undecided_count = 0;       // of its members: neither done nor to be done alone
  bool is_leading = false;          // it is committing a batch now
};

// `phase` and `status` are guarded by mutex_.
struct GroupCommit::Place {
  Place(std::shared_ptr<GroupMember> m, std::shared_ptr<Call> c)
      : member(std::move(m)),
        call(std::move(c)),
        key_hash(absl::HashOf(member->key())),
        lock_hashes(HashesOf(member->lock_keys())) {}

  const std::shared_ptr<GroupMember> member;
  const std::shared_ptr<Call> call;
  // Of its key and lock_keys: two that are equal by chance only wait for each other.
  const size_t key_hash;
  const std::vector<size_t> lock_hashes;
  Phase phase = Phase::kWaits;
  absl::Status status;
};

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
  for (const auto& place : places) {
    waiting_.push_back(place);
    CountArrival(*place);
  }
  call->undecided_count = places.size();
  while (AwaitTurn(lock, *call)) {
    call->is_leading = true;
    LeadBatch(lock);
    call->is_leading = false;
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
  } else if (absl::Now() >= call.deadline ||
             !call.changed.wait_until(lock, absl::ToChronoTime(call.deadline), is_over)) {
    return false;  // Leave() wakes another one in its place
  }
  return call.undecided_count > 0;
}

void GroupCommit::LeadBatch(std::unique_lock<std::mutex>& lock) {
  const Batch batch = TakeBatch();
  Begin(batch);
  WakeFirst();
  lock.unlock();
  const absl::Status status = CommitBatch(batch);
  lock.lock();
  for (const auto& place : batch) {
    place->status = status;
    place->phase =
        IsFinal(status, batch.size(), place->call->deadline) ? Phase::kDone : Phase::kToDoAlone;
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
             : commit_count_ < options_.commits_max && free_weight_ >= options_.beside_weight_min;
}

void GroupCommit::WakeFirst() {
  if (!MayCommit()) {
    return;
  }
  const auto first = std::find_if(waiting_.begin(), waiting_.end(),
                                  [](const auto& place) { return !place->call->is_leading; });
  if (first != waiting_.end()) {
    (*first)->call->changed.notify_one();
  }
}

bool GroupCommit::IsInFlight(const Place& place) const {
  return key_hashes_.contains(place.key_hash) || HasOneOf(lock_hashes_, place.lock_hashes);
}

bool GroupCommit::IsFree(const Place& place) const {
  return !IsInFlight(place) && !HasOneOf(claimed_hashes_, place.lock_hashes);
}

void GroupCommit::CountFree() {
  claimed_hashes_.clear();
  free_weight_ = 0;
  if (options_.commits_max == 1) {
    return;  // nobody asks
  }
  for (const auto& place : waiting_) {
    if (IsInFlight(*place)) {
      claimed_hashes_.insert(place->lock_hashes.begin(), place->lock_hashes.end());
    }
  }
  for (const auto& place : waiting_) {
    free_weight_ += IsFree(*place) ? place->member->weight() : 0;
  }
}

void GroupCommit::CountArrival(const Place& place) {
  if (IsFree(place)) {
    free_weight_ += place.member->weight();
    return;
  }
  if (!IsInFlight(place)) {
    return;
  }
  const auto is_taken = [this](size_t hash) {
    return lock_hashes_.contains(hash) || claimed_hashes_.contains(hash);
  };
  // When all of them are, nobody who needs one of them was free.
  if (!std::all_of(place.lock_hashes.begin(), place.lock_hashes.end(), is_taken)) {
    CountFree();
  }
}

void GroupCommit::Begin(const Batch& batch) {
  ++commit_count_;
  for (const auto& place : batch) {
    key_hashes_.insert(place->key_hash);
    lock_hashes_.insert(place->lock_hashes.begin(), place->lock_hashes.end());
  }
  CountFree();
}

void GroupCommit::End(const Batch& batch) {
  --commit_count_;
  for (const auto& place : batch) {
    key_hashes_.erase(place->key_hash);
    for (const size_t hash : place->lock_hashes) {
      lock_hashes_.erase(hash);
    }
  }
  CountFree();
}

void GroupCommit::Leave(const Batch& places) {
  bool has_left = false;
  for (const auto& place : places) {
    if (place->phase == Phase::kWaits) {
      waiting_.erase(std::find(waiting_.begin(), waiting_.end(), place));
      has_left = true;
    }
  }
  if (has_left) {
    CountFree();
  }
  // This call may have been woken to commit for the others too.
  WakeFirst();
}

GroupCommit::Batch GroupCommit::TakeBatch() {
  Batch batch;
  std::vector<std::shared_ptr<Place>> passed_over;
  absl::flat_hash_set<size_t> key_hashes;
  size_t weight = 0;
  while (!waiting_.empty()) {
    const Place& first = *waiting_.front();
    if (key_hashes.contains(first.key_hash) || !IsFree(first)) {
      passed_over.push_back(std::move(waiting_.front()));
    } else if (!batch.empty() && weight + first.member->weight() > options_.batch_weight_max) {
      break;
    } else {
      key_hashes.insert(first.key_hash);
      weight += first.member->weight();
      waiting_.front()->phase = Phase::kInBatch;
      batch.push_back(std::move(waiting_.front()));
    }
    waiting_.pop_front();
  }
  waiting_.insert(waiting_.begin(), std::make_move_iterator(passed_over.begin()),
                  std::make_move_iterator(passed_over.end()));
  return batch;
}

absl::Status GroupCommit::CommitBatch(const Batch& batch) const {
  std::vector<GroupMember*> members;
  members.reserve(batch.size());
  for (const auto& place : batch) {
    members.push_back(place->member.get());
  }
  absl::Time deadline = absl::Now() + options_.batch_timeout;
  if (batch.size() == 1) {
    deadline = std::min(deadline, batch.front()->call->deadline);
  }
  return commit_(members, deadline);
}

absl::Status GroupCommit::CommitAlone(const Place& place) const {
  GroupMember* const member = place.member.get();
  return commit_({&member, 1}, place.call->deadline);
}

}  // namespace clientele::sql
