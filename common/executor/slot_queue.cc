#include "common/executor/slot_queue.h"

#include <algorithm>

#include "common/status/macros.h"

namespace clientele {

SlotQueue::SlotQueue(int slot_count, int waiters_max)
    : slot_count_(slot_count), waiters_max_(waiters_max) {
  CLIENTELE_CHECK(slot_count > 0);
  for (int slot = slot_count - 1; slot >= 0; --slot) {
    free_slots_.push_back(slot);
  }
}

absl::StatusOr<SlotQueue::Lease> SlotQueue::Take(absl::Time deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!free_slots_.empty()) {
    const int slot = free_slots_.back();
    free_slots_.pop_back();
    return Lease(*this, slot);
  }
  if (static_cast<int>(waiters_.size()) >= waiters_max_) {
    return absl::ResourceExhaustedError("too many wait for a slot");
  }
  Waiter waiter;
  waiters_.push_back(&waiter);
  const auto has_slot = [&waiter] { return waiter.slot != kNoSlot; };
  if (deadline == absl::InfiniteFuture()) {
    waiter.changed.wait(lock, has_slot);
  } else if (!waiter.changed.wait_until(lock, absl::ToChronoTime(deadline), has_slot)) {
    waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &waiter));
    return absl::DeadlineExceededError("no slot came in time");
  }
  return Lease(*this, waiter.slot);
}

int SlotQueue::in_use_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return slot_count_ - static_cast<int>(free_slots_.size());
}

int SlotQueue::waiter_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int>(waiters_.size());
}

void SlotQueue::Return(int slot) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (waiters_.empty()) {
    free_slots_.push_back(slot);
    return;
  }
  Waiter* const first = waiters_.front();
  waiters_.pop_front();
  first->slot = slot;
  // Under the lock: the waiter's stack frame may be gone the moment it is released.
  first->changed.notify_one();
}

}  // namespace clientele
