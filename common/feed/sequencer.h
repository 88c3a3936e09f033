#ifndef COMMON_FEED_SEQUENCER_H_
#define COMMON_FEED_SEQUENCER_H_

// The thread that moves events from the outbox into the feed and wakes the watchers.
//
// Writers poke it after their commits; pokes coalesce. It polls too, for what a crash left behind
// and for other processes' writes and moves.
// Thread safety: thread-safe. The constructor's references must outlive it.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/feed/feed_notifier.h"
#include "common/feed/limits.h"
#include "common/feed/outbox_mover.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::feed {

struct SequencerOptions {
  // Who this process is, the same after a restart: "local", or the pod's name.
  std::string holder = "local";
  // How often to look without being poked: 1 s is a safety net where every writer is in this
  // process; 20 ms where other replicas write too.
  absl::Duration poll_interval = absl::Seconds(1);
  // The shortest time between two transactions while there is little to move, so that it takes
  // SQLite's only writer at most 50 times a second from the writers it serves.
  absl::Duration pace = absl::Milliseconds(20);
  // How long a silent process keeps the job from others.
  absl::Duration lease_ttl = absl::Seconds(10);
  int batch_max = kSequencerBatchMax;  // events a transaction, 1..kSequencerBatchMax
};

class Sequencer {
 public:
  // `on_error` is called on the sequencer's thread for each failed attempt (database away, fence
  // lost); it goes on trying at the pace of `poll_interval`. `clock`: the machine's.
  Sequencer(const SequencerOptions& options, sql::Database& database, const Clock& clock,
            FeedNotifier& notifier, std::function<void(const absl::Status&)> on_error);

  // Stops.
  ~Sequencer();
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // Begins, with what an earlier process left in the outbox. Once only.
  void Start();

  // Says that the outbox has grown. Call it after the commit; cheap, never blocks on the database.
  void Poke();

  // Ends the batch under way, gives the lease back and joins the thread. What is still in the
  // outbox stays there for the next start. Idempotent.
  void Stop();

  // Events moved by this object.
  int64_t moved_count() const { return moved_count_.load(std::memory_order_relaxed); }

 private:
  enum class Wake { kPoked, kPolled, kStopped };

  void Run();
  // Lets `rest` pass, then waits for a poke or the poll; a stop ends either.
  Wake WaitForWork(absl::Duration rest);
  // Moves until the outbox is empty, this process is not the holder, or a stop.
  absl::Status MoveAll(Wake wake);
  absl::Status NotifyOfOthersMoves();
  bool IsStopping();

  const SequencerOptions options_;
  OutboxMover mover_;
  FeedNotifier& notifier_;
  const std::function<void(const absl::Status&)> on_error_;
  Positions seen_heads_{};  // by the thread only: heads the watchers were told of
  std::atomic<int64_t> moved_count_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  bool poked_ = true;  // the first round looks at once
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_SEQUENCER_H_
