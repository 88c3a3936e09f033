#ifndef COMMON_EXECUTOR_CALL_UNTIL_H_
#define COMMON_EXECUTOR_CALL_UNTIL_H_

// A limit of time for calls into libraries that have none.

#include <future>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/slot_queue.h"

namespace clientele {

// What `call`, which takes nothing, returns by `deadline`. nullopt when it takes longer, or is not
// begun, since no slot of `slots` came in time or the system has no thread for it. A call that
// takes longer goes on, on a thread of its own, and keeps its slot: `slots` must live as long as
// the process, what the call uses must belong to it, and nobody gets what it returns. Thread-safe.
template <typename Call>
auto CallUntil(SlotQueue& slots, absl::Time deadline, Call call) {
  using Result = decltype(call());
  absl::StatusOr<SlotQueue::Lease> lease = slots.Take(deadline);
  if (!lease.ok()) {
    return std::optional<Result>();
  }
  std::packaged_task<Result()> task(std::move(call));
  std::future<Result> result = task.get_future();
  try {
    std::thread([lease = *std::move(lease), task = std::move(task)]() mutable { task(); }).detach();
  } catch (const std::system_error&) {
    return std::optional<Result>();
  }
  if (deadline == absl::InfiniteFuture()) {
    result.wait();
  } else if (result.wait_until(absl::ToChronoTime(deadline)) != std::future_status::ready) {
    return std::optional<Result>();
  }
  return std::optional<Result>(result.get());
}

}  // namespace clientele

#endif  // COMMON_EXECUTOR_CALL_UNTIL_H_
