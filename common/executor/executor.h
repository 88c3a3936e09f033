#ifndef COMMON_EXECUTOR_EXECUTOR_H_
#define COMMON_EXECUTOR_EXECUTOR_H_

// A bounded number of threads, made when they are first needed, that run blocking work from bounded
// queues.
//
// Two queues feed the threads, in turns so that neither starves the other:
//   - arrivals: new work. TrySubmit says no when there is no room or no time for it
//     (arrival_queue.h), and the caller sheds the load.
//   - continuations: the next step of work that was let in already (a stream's next message), which
//     must never be lost. Each piece of such work holds a Lane, and a lane has at most one task
//     waiting; so this queue is bounded by the number of lanes, and opening a lane says no instead.
//
// Thread safety: thread-safe. Tasks must not throw.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "common/executor/arrival_queue.h"

namespace clientele {

class Executor {
 public:
  using Task = std::function<void()>;
  using ArrivalTask = ArrivalQueue::Task;

  // Tasks block on databases, other servers and each other's commits, so there are many more
  // threads than CPUs: as many as callers that shall share a commit (common/sql/group_commit.h).
  static constexpr int kDefaultThreadLimit = 256;

  struct Options {
    int thread_limit = kDefaultThreadLimit;
    int arrival_limit = 1024;  // new tasks that may wait; seven eighths unless they are urgent
    int lane_limit = 1024;     // lanes that may be open
  };

  // What it is doing now: for metrics.
  struct Load {
    int thread_count = 0;        // made so far
    int running_count = 0;       // tasks on a thread
    int arrival_count = 0;       // tasks waiting in the arrival queue
    int continuation_count = 0;  // tasks waiting in lanes
    int lane_count = 0;          // open lanes
  };

  // The reserved path of one admitted piece of work. Must not outlive its executor.
  class Lane {
   public:
    // Nothing may be waiting in it (CHECK).
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    // Queues `task`; never refused. The lane's task before it must have begun (CHECK).
    void Submit(Task task);

   private:
    friend class Executor;
    explicit Lane(Executor& executor) : executor_(executor) {}
    Executor& executor_;
    bool waiting_ = false;  // guarded by executor_.mutex_
  };

  explicit Executor(const Options& options);

  // Runs everything that was queued, then stops. Lanes must be closed by the end of that (CHECK).
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Queues `task` and returns true, or returns false at once when the arrival queue is full or the
  // task would end too late.
  bool TrySubmit(ArrivalTask task, const Arrival& arrival = {});

  // Opens a lane, or returns null when there are `lane_limit` already.
  std::unique_ptr<Lane> TryOpenLane();

  Load load() const;

 private:
  struct Continuation {
    Lane* lane;
    Task task;
  };

  // All with mutex_ held.
  bool HasNext() const { return !continuations_.empty() || arrivals_.HasNext(); }
  bool NothingWaits() const { return continuations_.empty() && arrivals_.waiting_count() == 0; }
  void StartThreadIfNeeded();
  void WakeOthers();
  void RunNext(std::unique_lock<std::mutex>& lock);  // HasNext()
  void RunContinuation(std::unique_lock<std::mutex>& lock);
  void RunArrival(std::unique_lock<std::mutex>& lock);

  void RunTasks();

  const int lane_limit_;
  const int thread_limit_;
  mutable std::mutex mutex_;
  std::condition_variable work_ready_;
  // Everything below is guarded by mutex_.
  ArrivalQueue arrivals_;
  std::deque<Continuation> continuations_;
  bool continuation_first_ = true;  // whose turn it is when both queues have work
  bool closing_ = false;
  int running_count_ = 0;
  int lane_count_ = 0;
  std::vector<std::thread> threads_;  // grows until closing_
};

}  // namespace clientele

#endif  // COMMON_EXECUTOR_EXECUTOR_H_
