#ifndef SERVICES_COMPLAINTS_JOBS_JOB_THREAD_H_
#define SERVICES_COMPLAINTS_JOBS_JOB_THREAD_H_

// A thread that does a job in rounds, when poked or when the time has come.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

namespace clientele::complaints {

// Thread-safe.
class JobThread {
 public:
  // `round` does what there is to do, in bounded time, and answers how long to wait at most before
  // the next round. It is called on the thread only.
  explicit JobThread(std::function<absl::Duration()> round);

  // Stops.
  ~JobThread();
  JobThread(const JobThread&) = delete;
  JobThread& operator=(const JobThread&) = delete;

  // Begins with a round. Once only.
  void Start();

  // There may be something to do.
  void Poke();

  // Lets the round under way end and joins the thread. Idempotent.
  void Stop();

 private:
  void Loop();
  // Sleeps until poked or stopped, at most `wait_max`. False when stopped.
  bool WaitForWork(absl::Duration wait_max);

  const std::function<absl::Duration()> round_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool poked_ = false;     // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_JOBS_JOB_THREAD_H_
