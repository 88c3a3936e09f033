#include "common/executor/timer_queue.h"

#include <algorithm>

namespace clientele {

TimerQueue::TimerQueue() : thread_([this] { RunTimers(); }) {}

TimerQueue::~TimerQueue() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

TimerQueue::Timer TimerQueue::After(absl::Duration delay, std::function<void()> fire) {
  const absl::Duration bounded = std::clamp(delay, absl::ZeroDuration(), absl::Hours(24));
  Timer timer{std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(bounded), 0};
  bool is_first = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    timer.number = ++last_number_;
    const auto added = timers_.emplace(timer, std::move(fire)).first;
    is_first = added == timers_.begin();
  }
  if (is_first) {
    changed_.notify_one();
  }
  return timer;
}

void TimerQueue::Cancel(const Timer& timer) {
  std::function<void()> dropped;  // freed after the lock: what it captured may do anything
  std::lock_guard<std::mutex> lock(mutex_);
  if (const auto found = timers_.find(timer); found != timers_.end()) {
    dropped = std::move(found->second);
    timers_.erase(found);
  }
}

int TimerQueue::pending_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int>(timers_.size());
}

void TimerQueue::RunTimers() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!closing_) {
    if (timers_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = timers_.begin();
    if (const auto due = first->first.due; due > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, due);
      continue;
    }
    std::function<void()> fire = std::move(first->second);
    timers_.erase(first);
    lock.unlock();
    fire();
    fire = nullptr;
    lock.lock();
  }
}

}  // namespace clientele
