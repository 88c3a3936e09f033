#ifndef COMMON_EXECUTOR_CALL_UNTIL_H_
#define COMMON_EXECUTOR_CALL_UNTIL_H_

// A limit of time for calls into libraries that have none.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace clientele {

// Calls that took longer than they may and have not returned yet: while there are so many in this
// process, no other is begun.
inline constexpr int kCallsLeftMax = 16;

// How one call stands between its thread and who waits for it. Thread-safe; locks with std::mutex
// so that TSan can follow it.
class CallState {
 public:
  // Whether another call may be begun (kCallsLeftMax).
  static bool MayBegin();

  // The call's thread, once, behind the call.
  void SetReturned();

  // Who waits, once: whether the call returned by `deadline`. When it did not, it is left.
  bool AwaitReturn(absl::Time deadline);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_returned_ = false;
  bool is_left_ = false;
};

// What `call`, which takes nothing, returns by `deadline`. nullopt when it takes longer, or is not
// begun, since the deadline has passed or kCallsLeftMax are left. A call that takes longer goes on,
// on the thread that it has of its own: what it uses must belong to it, and nobody gets what it
// returns. Thread-safe.
template <typename Call>
auto CallUntil(absl::Time deadline, Call call) {
  using Result = decltype(call());
  struct Shared {
    CallState state;
    std::optional<Result> result;  // the call's thread writes it before it has returned
  };
  if (absl::Now() >= deadline || !CallState::MayBegin()) {
    return std::optional<Result>();
  }
  const auto shared = std::make_shared<Shared>();
  std::thread([shared, call = std::move(call)]() mutable {
    shared->result.emplace(call());
    shared->state.SetReturned();
  }).detach();
  return shared->state.AwaitReturn(deadline) ? std::move(shared->result) : std::optional<Result>();
}

}  // namespace clientele

#endif  // COMMON_EXECUTOR_CALL_UNTIL_H_
