#include "common/executor/executor.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "common/status/macros.h"

namespace clientele {

Executor::Lane::~Lane() {
  std::lock_guard<std::mutex> lock(executor_.mutex_);
  CLIENTELE_CHECK(!waiting_);
  --executor_.lane_count_;
}

void Executor::Lane::Submit(Task task) {
  // Once the lock is released the task may run, and its work may end and close this lane.
  Executor& executor = executor_;
  {
    std::lock_guard<std::mutex> lock(executor.mutex_);
    CLIENTELE_CHECK(!waiting_);
    waiting_ = true;
    executor.continuations_.push_back({this, std::move(task)});
    executor.StartThreadIfNeeded();
  }
  executor.work_ready_.notify_one();
}

Executor::Executor(const Options& options)
    : lane_limit_(options.lane_limit),
      thread_limit_(options.thread_limit),
      arrivals_(options.arrival_limit, options.thread_limit) {
  CLIENTELE_CHECK(lane_limit_ >= 0);
  threads_.reserve(thread_limit_);
  threads_.emplace_back([this] { RunTasks(); });  // one there always is
}

Executor::~Executor() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  work_ready_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
  CLIENTELE_CHECK(lane_count_ == 0 && NothingWaits());
}

bool Executor::TrySubmit(ArrivalTask task, const Arrival& arrival) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closing_ || !arrivals_.TryPush(std::move(task), arrival)) {
      return false;
    }
    StartThreadIfNeeded();
  }
  work_ready_.notify_one();
  return true;
}

std::unique_ptr<Executor::Lane> Executor::TryOpenLane() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (closing_ || lane_count_ >= lane_limit_) {
    return nullptr;
  }
  ++lane_count_;
  return std::unique_ptr<Lane>(new Lane(*this));
}

Executor::Load Executor::load() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return {.thread_count = static_cast<int>(threads_.size()),
          .running_count = running_count_,
          .arrival_count = arrivals_.waiting_count(),
          .continuation_count = static_cast<int>(continuations_.size()),
          .lane_count = lane_count_};
}

void Executor::StartThreadIfNeeded() {
  const int thread_count = static_cast<int>(threads_.size());
  const size_t idle_count = thread_count - running_count_;
  if (closing_ || thread_count >= thread_limit_ || !HasNext() ||
      arrivals_.waiting_count() + continuations_.size() <= idle_count) {
    return;
  }
  try {
    threads_.emplace_back([this] { RunTasks(); });
  } catch (const std::system_error&) {
    // The system gives no more now: those that are there do it, and the next task asks again.
  }
}

void Executor::RunTasks() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    work_ready_.wait(lock, [this] { return HasNext() || (closing_ && NothingWaits()); });
    if (!HasNext()) {
      return;
    }
    ++running_count_;
    RunNext(lock);
    --running_count_;
    WakeOthers();
  }
}

void Executor::WakeOthers() {
  if (closing_) {
    work_ready_.notify_all();
  } else if (HasNext() && running_count_ + 1 < static_cast<int>(threads_.size())) {
    // An arrival that had to leave its thread to others may run now, beside what this one takes.
    work_ready_.notify_one();
  }
}

void Executor::RunNext(std::unique_lock<std::mutex>& lock) {
  const bool takes_continuation =
      !continuations_.empty() && (continuation_first_ || !arrivals_.HasNext());
  continuation_first_ = !takes_continuation;
  if (takes_continuation) {
    RunContinuation(lock);
  } else {
    RunArrival(lock);
  }
}

void Executor::RunContinuation(std::unique_lock<std::mutex>& lock) {
  Task task = std::move(continuations_.front().task);
  continuations_.front().lane->waiting_ = false;
  continuations_.pop_front();
  lock.unlock();
  task();
  // What the task captured is freed outside the lock too: its destructor may close a lane.
  task = nullptr;
  lock.lock();
}

void Executor::RunArrival(std::unique_lock<std::mutex>& lock) {
  ArrivalQueue::Running running = arrivals_.Pop(std::chrono::steady_clock::now());
  lock.unlock();
  const TaskEnd end = running.task();
  running.task = nullptr;
  const auto now = std::chrono::steady_clock::now();
  lock.lock();
  arrivals_.Finish(running, end, now);
}

}  // namespace clientele
