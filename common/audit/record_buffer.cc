#include "common/audit/record_buffer.h"

#include <algorithm>
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
  if (waiting_.back().size() >= kFlushCallsMax) {
    waiting_.emplace_back();
  }
  waiting_.back().push_back(std::move(call));
}

absl::Status RecordBuffer::Flush(
    absl::FunctionRef<absl::Status(absl::Span<const CallRecord>)> write) {
  auto left_count = static_cast<size_t>(waiting_count());
  while (left_count > 0) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (writing_.empty()) {  // else what failed last time
        writing_ = std::exchange(waiting_.front(), std::move(spare_));
        if (waiting_.size() > 1) {
          waiting_.pop_front();
        }
      }
    }
    CLIENTELE_RETURN_IF_ERROR(write(writing_));
    left_count -= std::min(left_count, writing_.size());
    int64_t weight = 0;
    for (const CallRecord& call : writing_) {
      weight += WeightOf(call);
    }
    {
      std::lock_guard<std::mutex> lock(mutex_);
      weight_ -= weight;
      spare_.swap(writing_);
    }
    spare_.clear();  // not under the lock, on which every call waits
  }
  return absl::OkStatus();
}

int64_t RecordBuffer::waiting_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  size_t count = writing_.size();
  for (const std::vector<CallRecord>& part : waiting_) {
    count += part.size();
  }
  return static_cast<int64_t>(count);
}

int64_t RecordBuffer::refused_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return refused_count_;
}

}  // namespace clientele::audit
