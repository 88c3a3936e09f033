#ifndef COMMON_EXECUTOR_STREAM_TURNS_H_
#define COMMON_EXECUTOR_STREAM_TURNS_H_

// Decides when a stream may take its next turn on the executor, so that it holds a thread only
// while it has something to do.
//
// A stream is a function that runs one turn at a time. Each turn ends by saying what starts the
// next one: Block (an operation is under way; Resume follows), Wait (a wake-up or a delay), or
// Close (there is none). A wake-up is never lost: one that comes during a turn or an operation
// makes the following Wait return to work at once. Turns run in a lane of the executor, so a full
// arrival queue cannot hold up a stream that has begun.
//
// Thread safety: Wake may be called by any thread at any time, also after the end; Resume by the
// one that completes the operation; the others within a turn.

#include <functional>
#include <memory>
#include <mutex>

#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "common/executor/timer_queue.h"

namespace clientele {

class StreamTurns : public std::enable_shared_from_this<StreamTurns> {
 public:
  // `turn` is called on `executor`, never two at a time, and never again after Close. Both
  // references must live until Close; wake-ups may come later.
  static std::shared_ptr<StreamTurns> Make(Executor& executor, TimerQueue& timers,
                                           std::function<void()> turn);

  // Queues the first turn as `arrival`. Returns false, and the stream never runs, when the executor
  // does not take it or has no lane left. At most once.
  bool Start(const Arrival& arrival = {});

  // Ends the turn; call it before the operation is started, as that may complete at once.
  void Block();

  // The operation has completed: starts a turn. Only after Block.
  void Resume();

  // Ends the turn; the next one starts when woken, or after `delay_max` (which may be infinite).
  void Wait(absl::Duration delay_max);

  // Starts a turn if the stream waits; otherwise makes its next Wait end at once.
  void Wake();

  // Ends the turn and the stream, and gives its lane back.
  void Close();

 private:
  enum class State { kNew, kInTurn, kBlocked, kWaiting, kClosed };

  StreamTurns(Executor& executor, TimerQueue& timers, std::function<void()> turn)
      : executor_(executor), timers_(timers), turn_(std::move(turn)) {}

  void RunTurn();
  void QueueTurn();  // mutex_ held

  Executor& executor_;
  TimerQueue& timers_;
  const std::function<void()> turn_;
  std::mutex mutex_;
  // Everything below is guarded by mutex_.
  State state_ = State::kNew;
  bool woken_ = false;  // since the current turn began
  TimerQueue::Timer timer_;
  std::unique_ptr<Executor::Lane> lane_;
};

}  // namespace clientele

#endif  // COMMON_EXECUTOR_STREAM_TURNS_H_
