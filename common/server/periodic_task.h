#ifndef COMMON_SERVER_PERIODIC_TASK_H_
#define COMMON_SERVER_PERIODIC_TASK_H_

// Something that is done again and again on a thread of its own.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

namespace clientele::server {

// Runs `task` after each `interval` from construction until Stop. Thread-safe.
class PeriodicTask {
 public:
  PeriodicTask(absl::Duration interval, std::function<void()> task);

  // Stops.
  ~PeriodicTask();
  PeriodicTask(const PeriodicTask&) = delete;
  PeriodicTask& operator=(const PeriodicTask&) = delete;

  // Waits for a run under way; no other begins. Idempotent.
  void Stop();

 private:
  void Loop();

  const absl::Duration interval_;
  const std::function<void()> task_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;     // last: it uses all of the above
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_PERIODIC_TASK_H_
