#ifndef TESTS_SUPPORT_HISTORY_H_
#define TESTS_SUPPORT_HISTORY_H_

// Checks what concurrent callers were told about one thing that goes from version to version, an
// account or a customer, against the one order that its versions have (quality.md R4).
//
// Because every write answers its version, no search for an order is needed: a history is
// linearizable exactly when nothing that began after an answer contradicts it.
//
// Thread safety: none; functions of their arguments.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::history {

// When one call began and when its answer was there, by one monotonic clock.
struct Interval {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
};

// The end of what happens sometime, without anybody being told.
inline constexpr int64_t kNeverToldNs = INT64_MAX;

// What the thing is at one of its versions, which are dense from 1.
struct Version {
  int64_t number = 0;
  int64_t value = 0;  // a balance, or what else tells one state from another
};

// A write that was acknowledged as having made `version`.
struct HistoryWrite {
  Version version;
  Interval when;
};

// A read that got `version`.
struct HistoryRead {
  Version version;
  Interval when;
  int64_t version_min = 0;  // what the caller insisted on
  bool is_strong = false;   // whether everything acknowledged before it began must be in it
};

// A write that was refused for the state the thing was in.
struct HistoryRefusal {
  Interval when;
  std::function<bool(const Version&)> is_due;  // whether it is to be refused in that state
};

// All that is known of one thing. `writes` has one for each version ever made, also for those that
// no caller asked for itself (they end at kNeverToldNs).
struct History {
  std::vector<HistoryWrite> writes;
  std::vector<HistoryRead> reads;
  std::vector<HistoryRefusal> refusals;
  std::vector<Version> stored;  // read when all was over: the last version, or all of them
};

enum class Anomaly {
  kLost,         // an acknowledged write is not what is stored
  kOverwritten,  // two acknowledged writes made the same version
  kUnasked,      // a version is stored that no caller asked for, by a write done twice for one
  kReordered,    // a write began after an answer, and came before what this had told
  kStale,        // a strong read lacks what an answer before it had told
  kFromNowhere,  // a read got what nobody had written by then
  kBelowMin,     // a read got less than it insisted on
  kUnduly,       // a write was refused though no state it can have met refuses it
};
inline constexpr size_t kAnomalyCount = 8;

// "lost", "below_min", …
absl::string_view AnomalyName(Anomaly anomaly);

// How many of each, by its number.
class Anomalies {
 public:
  void Count(Anomaly anomaly) { ++counts_[static_cast<size_t>(anomaly)]; }
  void Add(const Anomalies& other);
  int64_t count(Anomaly anomaly) const { return counts_[static_cast<size_t>(anomaly)]; }

  // {"lost":0,…}: every one by its name.
  std::string ToJson() const;

 private:
  std::array<int64_t, kAnomalyCount> counts_{};
};

// Finds what is wrong with `history`. O(n log n).
Anomalies FindAnomalies(const History& history);

}  // namespace clientele::history

#endif  // TESTS_SUPPORT_HISTORY_H_
