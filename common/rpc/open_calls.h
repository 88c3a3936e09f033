#ifndef COMMON_RPC_OPEN_CALLS_H_
#define COMMON_RPC_OPEN_CALLS_H_

// The calls that a server is serving, so that it can tell its streams to end and wait for the rest.
//
// Thread safety: thread-safe.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "absl/time/time.h"
#include "common/executor/stream_turns.h"

namespace clientele::rpc {

class OpenCalls {
 public:
  // A call has come; `turns` is null unless it is a stream. Each Add has its Remove.
  void Add(const std::shared_ptr<StreamTurns>& turns);
  void Remove(const std::shared_ptr<StreamTurns>& turns);

  // From now on draining() is true; wakes every stream so that it sees it. A stream that is added
  // during the call sees it in its first turn.
  void StartDraining();
  bool draining() const { return draining_; }

  // From now on calls that have not begun are not (refuses_queued).
  void RefuseQueued() { refuses_queued_ = true; }
  bool refuses_queued() const { return refuses_queued_; }

  // Waits until no call is open, at most `timeout`; returns whether none is.
  bool WaitUntilNone(absl::Duration timeout);

  int count() const;

 private:
  std::atomic<bool> draining_ = false;
  std::atomic<bool> refuses_queued_ = false;
  mutable std::mutex mutex_;
  std::condition_variable none_open_;
  // Guarded by mutex_.
  int count_ = 0;
  std::unordered_set<std::shared_ptr<StreamTurns>> streams_;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_OPEN_CALLS_H_
