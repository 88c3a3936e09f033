#ifndef COMMON_EXECUTOR_SLOT_QUEUE_H_
#define COMMON_EXECUTOR_SLOT_QUEUE_H_

// Hands out a fixed number of slots (a connection each, a task each) in order of arrival.
//
// First come, first served: a mutex alone would let the thread that just returned a slot take it
// again while others starve. Thread-safe; locks with std::mutex so that TSan can follow it.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace clientele {

class SlotQueue {
 public:
  // Slots are 0 .. slot_count-1; at most `waiters_max` callers may wait at a time.
  SlotQueue(int slot_count, int waiters_max);

  SlotQueue(const SlotQueue&) = delete;
  SlotQueue& operator=(const SlotQueue&) = delete;

  // A slot that its holder gives back when it goes out of scope.
  class Lease {
   public:
    Lease(SlotQueue& queue, int slot) : queue_(&queue), slot_(slot) {}
    Lease(Lease&& other) noexcept
        : queue_(std::exchange(other.queue_, nullptr)), slot_(other.slot_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (queue_ != nullptr) {
        queue_->Return(slot_);
      }
    }
    int slot() const { return slot_; }

   private:
    SlotQueue* queue_;
    int slot_;
  };

  // Waits for a slot until `deadline`. DEADLINE_EXCEEDED when none came, RESOURCE_EXHAUSTED at once
  // when too many wait; without a reason, which is the caller's to give: he knows what the slots
  // are of. The queue must outlive the lease.
  absl::StatusOr<Lease> Take(absl::Time deadline);

  // As of now.
  int slot_count() const { return slot_count_; }
  int in_use_count() const;
  int waiter_count() const;

 private:
  static constexpr int kNoSlot = -1;

  struct Waiter {
    std::condition_variable changed;
    int slot = kNoSlot;
  };

  void Return(int slot);

  const int slot_count_;
  const int waiters_max_;
  mutable std::mutex mutex_;
  std::vector<int> free_slots_;  // not empty only while nobody waits
  std::deque<Waiter*> waiters_;  // in order of arrival; each lies on its thread's stack
};

}  // namespace clientele

#endif  // COMMON_EXECUTOR_SLOT_QUEUE_H_
