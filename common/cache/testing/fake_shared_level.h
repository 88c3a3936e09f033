#ifndef COMMON_CACHE_TESTING_FAKE_SHARED_LEVEL_H_
#define COMMON_CACHE_TESTING_FAKE_SHARED_LEVEL_H_

// A shared level in memory that can be taken away, for tests without Redis.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/cache/shared_level.h"

namespace clientele::cache {

// Thread-safe. Nothing runs out in it: it does not know the time.
class FakeSharedLevel final : public SharedLevel {
 public:
  std::vector<absl::StatusOr<std::optional<Record>>> Read(absl::Span<const absl::string_view> keys,
                                                          absl::Time /*deadline*/) override {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<absl::StatusOr<std::optional<Record>>> found;
    found.reserve(keys.size());
    ++read_count_;
    for (const absl::string_view key : keys) {
      const auto entry = records_.find(std::string(key));
      if (is_away_) {
        found.emplace_back(absl::UnavailableError("away"));
      } else if (entry == records_.end()) {
        found.emplace_back(std::nullopt);
      } else {
        found.emplace_back(entry->second);
      }
    }
    return found;
  }

  std::vector<absl::Status> Write(absl::Span<const SharedWrite> writes,
                                  absl::Time /*deadline*/) override {
    std::lock_guard<std::mutex> lock(mutex_);
    ++write_count_;
    if (is_away_) {
      return std::vector<absl::Status>(writes.size(), absl::UnavailableError("away"));
    }
    for (const SharedWrite& write : writes) {
      const auto [entry, is_new] = records_.try_emplace(std::string(write.key), write.record);
      const auto order = [](const Record& record) {
        return std::pair(record.version, record.valid_until);
      };
      if (!is_new && order(write.record) > order(entry->second)) {
        entry->second = write.record;
      }
      announced_ += write.announce ? 1 : 0;
    }
    return std::vector<absl::Status>(writes.size());
  }

  void SetAway(bool is_away) {
    std::lock_guard<std::mutex> lock(mutex_);
    is_away_ = is_away;
  }
  std::optional<Record> Held(const std::string& key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto entry = records_.find(key);
    return entry == records_.end() ? std::nullopt : std::optional<Record>(entry->second);
  }
  int read_count() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return read_count_;
  }
  // Calls of Write.
  int write_count() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return write_count_;
  }
  int announced() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return announced_;
  }

 private:
  mutable std::mutex mutex_;
  // Everything below is guarded by mutex_.
  std::map<std::string, Record> records_;
  bool is_away_ = false;
  int read_count_ = 0;
  int write_count_ = 0;
  int announced_ = 0;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_TESTING_FAKE_SHARED_LEVEL_H_
