#ifndef COMMON_EXECUTOR_ARRIVAL_QUEUE_H_
#define COMMON_EXECUTOR_ARRIVAL_QUEUE_H_

// New work that waits for a thread, and the rules by which it is let in (docs/adr/0098).
//
// Bounded, and aware of deadlines: work that would end after the time its caller has left is
// refused at once instead of done in vain. When that is comes from what has ended lately: how long
// it took, and how much else was under way. Urgent work (writes) goes first, may wait in all places
// and counts on most of its time; the rest (reads) leaves an eighth of places and threads to it
// and counts on less of its time, so that it is refused first. An eighth of the threads is for
// the rest alone. Of a few, an eighth is one; there is none of a single one.
//
// Thread safety: none; the executor guards it.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

#include "absl/time/time.h"

namespace clientele {

enum class Urgency { kNormal, kUrgent };

// What is known about new work beforehand.
struct Arrival {
  Urgency urgency = Urgency::kUrgent;
  int64_t cost = 1;                                     // beside other work's; at least 1
  absl::Duration time_left = absl::InfiniteDuration();  // until nobody wants it any more
};

// What a task that has ended tells of the work it was let in for. Only what was served counts in
// what is expected of later work: else tasks that end at once would let in more than can be done.
enum class TaskEnd {
  kServed,
  kNotServed,  // nobody wanted it any more, or it is done elsewhere: a stream's in its later turns
};

class ArrivalQueue {
 public:
  using Task = std::function<TaskEnd()>;
  using SteadyTime = std::chrono::steady_clock::time_point;

  // Work that has been taken out to run, until Finish.
  struct Running {
    Task task;
    Urgency urgency;
    int64_t cost;
    SteadyTime begin;
    int64_t begin_running_cost;  // of all that ran then, this included
  };

  // `waiting_max` tasks may wait for `threads` threads; both positive.
  ArrivalQueue(int waiting_max, int threads);

  // Queues it, or answers false: too many wait, or it would come too late.
  bool TryPush(Task task, const Arrival& arrival);

  // Whether Pop has something. There may be none though tasks wait: the rest has had its threads.
  bool HasNext() const { return Next().has_value(); }

  // Takes the next task; HasNext().
  Running Pop(SteadyTime now);

  // The task of `running` has ended, as `end` says.
  void Finish(const Running& running, TaskEnd end, SteadyTime now);

  int waiting_count() const;

 private:
  struct Waiting {
    Task task;
    int64_t cost;
  };
  struct Lane {
    std::deque<Waiting> waiting;
    int64_t waiting_cost = 0;
    int64_t running_cost = 0;
    int running_count = 0;
  };

  Lane& LaneOf(Urgency urgency) { return urgency == Urgency::kUrgent ? urgent_ : normal_; }
  int64_t running_cost() const { return urgent_.running_cost + normal_.running_cost; }
  std::optional<Urgency> Next() const;
  bool WouldEndInTime(const Arrival& arrival) const;
  void Learn(const Running& running, SteadyTime now);

  const int waiting_max_;
  const int threads_;
  Lane urgent_;
  Lane normal_;
  // Moving averages over what was served, by cost: how long it took from Pop to Finish, and the
  // cost of all that ran meanwhile.
  double mean_seconds_ = 0;
  double mean_running_cost_ = 0;
};

}  // namespace clientele

#endif  // COMMON_EXECUTOR_ARRIVAL_QUEUE_H_
