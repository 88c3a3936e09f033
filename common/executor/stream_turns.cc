#include "common/executor/stream_turns.h"

#include <utility>

#include "common/status/macros.h"

namespace clientele {

std::shared_ptr<StreamTurns> StreamTurns::Make(Executor& executor, TimerQueue& timers,
                                               std::function<void()> turn) {
  return std::shared_ptr<StreamTurns>(new StreamTurns(executor, timers, std::move(turn)));
}

bool StreamTurns::Start(const Arrival& arrival) {
  std::lock_guard<std::mutex> lock(mutex_);
  CLIENTELE_CHECK(state_ == State::kNew);
  lane_ = executor_.TryOpenLane();
  // The stream's cost is that of all its turns, of which the first one tells nothing.
  const auto run_first = [self = shared_from_this()] {
    self->RunTurn();
    return TaskEnd::kNotServed;
  };
  if (lane_ != nullptr && executor_.TrySubmit(run_first, arrival)) {
    state_ = State::kInTurn;
    return true;
  }
  lane_.reset();
  state_ = State::kClosed;
  return false;
}

void StreamTurns::Block() {
  std::lock_guard<std::mutex> lock(mutex_);
  CLIENTELE_CHECK(state_ == State::kInTurn);
  state_ = State::kBlocked;
}

void StreamTurns::Resume() {
  std::lock_guard<std::mutex> lock(mutex_);
  CLIENTELE_CHECK(state_ == State::kBlocked);
  QueueTurn();
}

void StreamTurns::Wait(absl::Duration delay_max) {
  std::lock_guard<std::mutex> lock(mutex_);
  CLIENTELE_CHECK(state_ == State::kInTurn);
  if (woken_) {
    QueueTurn();
    return;
  }
  state_ = State::kWaiting;
  if (delay_max != absl::InfiniteDuration()) {
    // Weak: a long timer must not keep a stream that has ended.
    timer_ = timers_.After(delay_max, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) {
        self->Wake();
      }
    });
  }
}

void StreamTurns::Wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (state_ != State::kWaiting) {
    woken_ = true;
    return;
  }
  timers_.Cancel(timer_);
  QueueTurn();
}

void StreamTurns::Close() {
  std::lock_guard<std::mutex> lock(mutex_);
  CLIENTELE_CHECK(state_ == State::kInTurn);
  state_ = State::kClosed;
  lane_.reset();
}

void StreamTurns::RunTurn() {
  {
    // Also waits for Start to finish, whose task may be quicker than itself.
    std::lock_guard<std::mutex> lock(mutex_);
    woken_ = false;
  }
  turn_();
}

void StreamTurns::QueueTurn() {
  state_ = State::kInTurn;
  lane_->Submit([self = shared_from_this()] { self->RunTurn(); });
}

}  // namespace clientele
