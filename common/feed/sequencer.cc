#include "common/feed/sequencer.h"

#include <chrono>
#include <utility>

#include "common/status/macros.h"

namespace clientele::feed {

Sequencer::Sequencer(const SequencerOptions& options, sql::Database& database, const Clock& clock,
                     FeedNotifier& notifier, std::function<void(const absl::Status&)> on_error)
    : options_(options),
      mover_(database, clock, options.holder, options.lease_ttl, options.batch_max),
      notifier_(notifier),
      on_error_(std::move(on_error)) {}

Sequencer::~Sequencer() { Stop(); }

void Sequencer::Start() {
  CLIENTELE_CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Run(); });
}

void Sequencer::Poke() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    poked_ = true;
  }
  changed_.notify_one();
}

void Sequencer::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Sequencer::Run() {
  absl::Duration rest = absl::ZeroDuration();
  for (Wake wake = WaitForWork(rest); wake != Wake::kStopped; wake = WaitForWork(rest)) {
    const absl::Status status = MoveAll(wake);
    rest = status.ok() ? options_.pace : options_.poll_interval;
    if (!status.ok()) {
      on_error_(status);
    }
  }
  const absl::Status released = mover_.Release();
  if (!released.ok()) {
    on_error_(released);
  }
}

Sequencer::Wake Sequencer::WaitForWork(absl::Duration rest) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, absl::ToChronoNanoseconds(rest), [this] { return stopping_; });
  changed_.wait_for(lock, absl::ToChronoNanoseconds(options_.poll_interval),
                    [this] { return stopping_ || poked_; });
  if (stopping_) {
    return Wake::kStopped;
  }
  return std::exchange(poked_, false) ? Wake::kPoked : Wake::kPolled;
}

absl::Status Sequencer::MoveAll(Wake wake) {
  if (wake == Wake::kPolled) {
    CLIENTELE_ASSIGN_OR_RETURN(const bool has_work, mover_.HasWork());
    if (!has_work) {
      return NotifyOfOthersMoves();
    }
  }
  bool has_more = true;
  while (has_more && !IsStopping()) {
    CLIENTELE_ASSIGN_OR_RETURN(const MoveResult result, mover_.Move());
    if (!result.is_holder) {
      return NotifyOfOthersMoves();
    }
    if (result.moved_count > 0) {
      moved_count_.fetch_add(result.moved_count, std::memory_order_relaxed);
      notifier_.Notify();
    }
    has_more = result.has_more;
  }
  return absl::OkStatus();
}

absl::Status Sequencer::NotifyOfOthersMoves() {
  CLIENTELE_ASSIGN_OR_RETURN(const Positions heads, mover_.Heads());
  if (heads != seen_heads_) {
    seen_heads_ = heads;
    notifier_.Notify();
  }
  return absl::OkStatus();
}

bool Sequencer::IsStopping() {
  std::lock_guard<std::mutex> lock(mutex_);
  return stopping_;
}

}  // namespace clientele::feed
