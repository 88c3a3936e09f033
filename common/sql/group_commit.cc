#include "common/sql/group_commit.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/hash/hash.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/sql/group_signal.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// How many of those who wait longest are looked at for a batch beside the one in flight.
constexpr size_t kLookAhead = 2'048;

// Whether a batch of `size` ends with `status` for a member with that deadline; if not, because
// a single one may have caused it, it is done again alone.
bool IsFinal(const absl::Status& status, size_t size, absl::Time deadline) {
  const bool is_common =
      status.ok() || absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
  const bool has_time_left = absl::IsDeadlineExceeded(status) && absl::Now() < deadline;
  return is_common || (size == 1 && !has_time_left);
}

bool HasOneOf(const absl::flat_hash_set<size_t>& set, absl::Span<const size_t> hashes) {
  return absl::c_any_of(hashes, [&set](size_t hash) { return set.contains(hash); });
}

enum class Phase { kWaits, kInBatch, kDone, kToDoAlone };

std::vector<size_t> HashesOf(absl::Span<const std::string> keys) {
  std::vector<size_t> hashes(keys.size());
  absl::c_transform(keys, hashes.begin(), [](const std::string& key) { return absl::HashOf(key); });
  return hashes;
}

}  // namespace

int CommitsMax(const PoolLoad& pool) { return std::clamp(pool.writers_max / 2, 1, 4); }

struct GroupCommit::Call {
  explicit Call(absl::Time d) : deadline(d) {}
  const absl::Time deadline;
  GroupSignal signal;
  // Guarded by mutex_:
  size_t undecided_count = 0;  // of its members: neither done nor to be done alone
  // It commits a batch or tells what came of it, and looks itself before it waits again.
  bool is_leading = false;
};

// `phase` and `status` are guarded by mutex_ until the signal of the call says that all is decided.
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
    if (waiting_.size() <= kLookAhead) {
      Count(*place);
    }
  }
  call->undecided_count = places.size();
  AwaitOutcome(lock, *call);
  // Nobody changes a place any more but those that are in a batch, which count as too late.
  std::vector<absl::Status> statuses(places.size(), DatabaseDeadlineExceeded());
  std::vector<size_t> alone;
  for (size_t i = 0; i < places.size(); ++i) {
    if (places[i]->phase == Phase::kDone) {
      statuses[i] = places[i]->status;
    } else if (places[i]->phase == Phase::kToDoAlone) {
      alone.push_back(i);
    }
  }
  if (lock.owns_lock()) {
    lock.unlock();
  }
  for (const size_t i : alone) {
    statuses[i] = CommitAlone(*places[i]);
  }
  return statuses;
}

size_t GroupCommit::waiting_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return waiting_.size();
}

void GroupCommit::AwaitOutcome(std::unique_lock<std::mutex>& lock, Call& call) {
  while (call.undecided_count > 0 && absl::Now() < call.deadline) {
    if (MayCommit()) {
      call.is_leading = true;
      LeadBatch(lock);
      call.is_leading = false;
      continue;
    }
    lock.unlock();
    if (call.signal.Await(call.deadline) == GroupSignal::Event::kDecided) {
      return;
    }
    lock.lock();
  }
  Leave(call);
}

void GroupCommit::LeadBatch(std::unique_lock<std::mutex>& lock) {
  const Batch batch = TakeBatch();
  CLIENTELE_CHECK(!batch.empty());
  Begin(batch);
  WakeFirst();
  lock.unlock();
  const absl::Status status = CommitBatch(batch);
  lock.lock();
  std::vector<std::shared_ptr<Call>> decided;
  for (const auto& place : batch) {
    place->status = status;
    place->phase =
        IsFinal(status, batch.size(), place->call->deadline) ? Phase::kDone : Phase::kToDoAlone;
    if (--place->call->undecided_count == 0) {
      decided.push_back(place->call);
    }
  }
  End(batch);
  WakeFirst();
  lock.unlock();  // whoever commits next is summoned before those of this batch are told
  for (const auto& call : decided) {
    call->signal.TellDecided();
  }
  lock.lock();
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
  const auto first =
      absl::c_find_if(waiting_, [](const auto& place) { return !place->call->is_leading; });
  if (first != waiting_.end()) {
    (*first)->call->signal.Summon();
  }
}

bool GroupCommit::IsInFlight(const Place& place) const {
  return key_hashes_.contains(place.key_hash) || HasOneOf(lock_hashes_, place.lock_hashes);
}

bool GroupCommit::IsFree(const Place& place) const {
  return !IsInFlight(place) && !HasOneOf(claimed_hashes_, place.lock_hashes);
}

void GroupCommit::Claim(const Place& place) {
  claimed_hashes_.insert(place.lock_hashes.begin(), place.lock_hashes.end());
}

void GroupCommit::CountFree() {
  claimed_hashes_.clear();
  free_weight_ = 0;
  if (options_.commits_max == 1 || commit_count_ == 0) {
    return;  // nobody asks
  }
  const size_t seen_count = std::min(waiting_.size(), kLookAhead);
  for (size_t i = 0; i < seen_count; ++i) {
    Count(*waiting_[i]);
  }
}

void GroupCommit::Count(const Place& place) {
  if (IsFree(place)) {
    free_weight_ += place.member->weight();
  } else {
    Claim(place);
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

void GroupCommit::Leave(const Call& call) {
  const auto is_of_call = [&call](const auto& place) { return place->call.get() == &call; };
  if (call.undecided_count > 0 && std::erase_if(waiting_, is_of_call) > 0) {
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
  claimed_hashes_.clear();  // and made anew, as what is taken here comes before what claimed it
  while (!waiting_.empty() && passed_over.size() < kLookAhead) {
    const Place& first = *waiting_.front();
    const bool is_free = IsFree(first);
    if (!is_free) {
      Claim(first);
    }
    if (!is_free || key_hashes.contains(first.key_hash)) {
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
