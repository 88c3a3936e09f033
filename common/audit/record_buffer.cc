#include "common/audit/record_buffer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/audit/limits.h"
#include "common/status/macros.h"

namespace clientele::audit {
namespace {

int64_t WeightOf(const CallRecord& call) { return 1 + static_cast<int64_t>(call.subjects.size()); }

}  // namespace

bool RecordBuffer::TryReserve() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (weight_ >= weight_max_) {
    ++refused_count_;
    return false;
  }
  ++weight_;
  return true;
}

void RecordBuffer::Release() {
  std::lock_guard<std::mutex> lock(mutex_);
  --weight_;
}

void RecordBuffer::Add(CallRecord call) {
  std::lock_guard<std::mutex> lock(mutex_);
  weight_ += WeightOf(call) - 1;
  waiting_.push_back(std::move(call));
}

absl::Status RecordBuffer::Flush(
    absl::FunctionRef<absl::Status(absl::Span<const CallRecord>)> write) {
  auto left_count = static_cast<size_t>(waiting_count());
  while (left_count > 0) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (writing_.empty()) {  // else what failed last time
        const size_t count = std::min(waiting_.size(), kFlushCallsMax);
        const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
        writing_.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
      }
    }
    CLIENTELE_RETURN_IF_ERROR(write(writing_));
    std::lock_guard<std::mutex> lock(mutex_);
    for (const CallRecord& call : writing_) {
      weight_ -= WeightOf(call);
    }
    left_count -= std::min(left_count, writing_.size());
    writing_.clear();
  }
  return absl::OkStatus();
}

int64_t RecordBuffer::waiting_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int64_t>(waiting_.size() + writing_.size());
}

int64_t RecordBuffer::refused_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return refused_count_;
}

}  // namespace clientele::audit
