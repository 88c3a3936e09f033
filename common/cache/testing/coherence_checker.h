#ifndef COMMON_CACHE_TESTING_COHERENCE_CHECKER_H_
#define COMMON_CACHE_TESTING_COHERENCE_CHECKER_H_

// Checks what readers of a cache get against the truth (quality.md R7).

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/cache/freshness.h"
#include "common/cache/record.h"
#include "common/status/macros.h"

namespace clientele::cache {

// The rows, and when each of their versions was committed. Thread-safe.
class VersionedTable {
 public:
  explicit VersionedTable(size_t row_count, absl::Time start)
      : commit_times_(row_count, std::vector<absl::Time>{start}) {}

  // Rows begin with version 1. The payload says the version too: a cache may lie about its own.
  Record Read(size_t row) const {
    const int64_t version = CurrentVersion(row);
    return {.version = version, .payload = absl::StrCat(version)};
  }
  Record Write(size_t row, absl::Time now) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      commit_times_[row].push_back(now);
    }
    return Read(row);
  }
  int64_t CurrentVersion(size_t row) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<int64_t>(commit_times_[row].size());
  }
  // For how long `version` had not been the newest at `time`; zero if it still was.
  absl::Duration Behind(size_t row, int64_t version, absl::Time time) const {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto& times = commit_times_[row];
    const auto next = static_cast<size_t>(version);  // index of the next version's commit
    return next < times.size() && times[next] < time ? time - times[next] : absl::ZeroDuration();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::vector<absl::Time>> commit_times_;  // guarded by mutex_
};

// Counts the reads that break a promise. Thread-safe.
class CoherenceChecker {
 public:
  // `behind_max` is how far behind a reader may be that insists on nothing.
  CoherenceChecker(const VersionedTable& table, absl::Duration behind_max)
      : table_(table), behind_max_(behind_max) {}

  // A read of `row` that began at `begin` got `record`.
  void Check(size_t row, const ReadRule& rule, absl::Time begin, const Record& record) {
    int64_t version = 0;
    CLIENTELE_CHECK(absl::SimpleAtoi(record.payload.value_or("0"), &version));
    ++reads_;
    below_min_ += version < rule.min_version ? 1 : 0;
    too_far_behind_ += table_.Behind(row, version, begin) > behind_max_ ? 1 : 0;
  }

  int64_t reads() const { return reads_; }
  int64_t below_min() const { return below_min_; }
  int64_t too_far_behind() const { return too_far_behind_; }

 private:
  const VersionedTable& table_;
  const absl::Duration behind_max_;
  std::atomic<int64_t> reads_ = 0;
  std::atomic<int64_t> below_min_ = 0;
  std::atomic<int64_t> too_far_behind_ = 0;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_TESTING_COHERENCE_CHECKER_H_
