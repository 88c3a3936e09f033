#include "tests/support/history.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace clientele::history {
namespace {

// What the answers of calls had told by any time.
class Told {
 public:
  explicit Told(const History& history) {
    answers_.reserve(history.writes.size() + history.reads.size());
    for (const HistoryWrite& write : history.writes) {
      answers_.emplace_back(write.when.end_ns, write.version.number);
    }
    for (const HistoryRead& read : history.reads) {
      answers_.emplace_back(read.when.end_ns, read.version.number);
    }
    std::sort(answers_.begin(), answers_.end());
    int64_t newest = 0;
    for (auto& [time, version] : answers_) {
      newest = std::max(newest, version);
      version = newest;
    }
  }

  // The newest version that an answer before `time_ns` had told of; 0 = none.
  int64_t NewestBefore(int64_t time_ns) const {
    const auto after =
        std::lower_bound(answers_.begin(), answers_.end(), std::make_pair(time_ns, INT64_MIN));
    return after == answers_.begin() ? 0 : std::prev(after)->second;
  }

 private:
  std::vector<std::pair<int64_t, int64_t>> answers_;  // end, newest version up to it
};

using Writes = std::map<int64_t, HistoryWrite>;  // by version

// What is stored is what was written, each version once and none left out.
Writes CheckStored(const History& history, Anomalies& found) {
  Writes writes;
  for (const HistoryWrite& write : history.writes) {
    if (!writes.emplace(write.version.number, write).second) {
      found.Count(Anomaly::kOverwritten);
    }
  }
  std::map<int64_t, int64_t> stored;  // value by version
  for (const Version& version : history.stored) {
    stored.emplace(version.number, version.value);
  }
  const int64_t last = stored.empty() ? 0 : stored.rbegin()->first;
  const bool is_all_read = stored.size() > 1;
  int64_t asked_count = 0;
  for (const auto& [number, write] : writes) {
    const auto row = stored.find(number);
    const bool is_lost =
        row == stored.end() ? is_all_read || number > last : row->second != write.version.value;
    if (is_lost) {
      found.Count(Anomaly::kLost);
    }
    asked_count += number <= last ? 1 : 0;
  }
  for (int64_t unasked = asked_count; unasked < last; ++unasked) {
    found.Count(Anomaly::kUnasked);
  }
  return writes;
}

void CheckRead(const HistoryRead& read, const Writes& writes, const Told& told, Anomalies& found) {
  const auto write = writes.find(read.version.number);
  if (write == writes.end() || write->second.version.value != read.version.value ||
      write->second.when.begin_ns > read.when.end_ns) {
    found.Count(Anomaly::kFromNowhere);
  }
  if (read.version.number < read.version_min) {
    found.Count(Anomaly::kBelowMin);
  }
  if (read.is_strong && read.version.number < told.NewestBefore(read.when.begin_ns)) {
    found.Count(Anomaly::kStale);
  }
}

// Whether a state that the refused write can have met refuses it.
bool IsDue(const HistoryRefusal& refusal, const Writes& writes, const Told& told) {
  const int64_t oldest = told.NewestBefore(refusal.when.begin_ns);
  for (auto write = writes.lower_bound(oldest);
       write != writes.end() && write->second.when.begin_ns <= refusal.when.end_ns; ++write) {
    if (refusal.is_due(write->second.version)) {
      return true;
    }
  }
  return false;
}

}  // namespace

absl::string_view AnomalyName(Anomaly anomaly) {
  switch (anomaly) {
    case Anomaly::kLost:
      return "lost";
    case Anomaly::kOverwritten:
      return "overwritten";
    case Anomaly::kUnasked:
      return "unasked";
    case Anomaly::kReordered:
      return "reordered";
    case Anomaly::kStale:
      return "stale";
    case Anomaly::kFromNowhere:
      return "from_nowhere";
    case Anomaly::kBelowMin:
      return "below_min";
    case Anomaly::kUnduly:
      return "unduly";
  }
  return "";
}

void Anomalies::Add(const Anomalies& other) {
  for (size_t i = 0; i < kAnomalyCount; ++i) {
    counts_[i] += other.counts_[i];
  }
}

std::string Anomalies::ToJson() const {
  std::vector<std::string> fields;
  fields.reserve(kAnomalyCount);
  for (size_t i = 0; i < kAnomalyCount; ++i) {
    fields.push_back(absl::StrCat("\"", AnomalyName(static_cast<Anomaly>(i)), "\":", counts_[i]));
  }
  return absl::StrCat("{", absl::StrJoin(fields, ","), "}");
}

Anomalies FindAnomalies(const History& history) {
  Anomalies found;
  const Writes writes = CheckStored(history, found);
  const Told told(history);
  for (const HistoryWrite& write : history.writes) {
    if (write.version.number <= told.NewestBefore(write.when.begin_ns)) {
      found.Count(Anomaly::kReordered);
    }
  }
  for (const HistoryRead& read : history.reads) {
    CheckRead(read, writes, told, found);
  }
  for (const HistoryRefusal& refusal : history.refusals) {
    if (!IsDue(refusal, writes, told)) {
      found.Count(Anomaly::kUnduly);
    }
  }
  return found;
}

}  // namespace clientele::history
