#ifndef COMMON_SQL_GROUP_SIGNAL_H_
#define COMMON_SQL_GROUP_SIGNAL_H_

// What one caller of GroupCommit waits for. Each has a lock of its own: a batch that ends wakes
// hundreds at once, who would queue for a common one, before whoever is to commit next.
//
// Thread-safe; locks with std::mutex so that TSan can follow it. Internal to GroupCommit.

#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

namespace clientele::sql {

class GroupSignal {
 public:
  enum class Event {
    kSummoned,  // to commit what waits, or to summon another one who does
    kDecided,   // all it wants is, and it is not summoned
    kTooLate,   // the deadline has passed
  };

  // The caller is to commit what waits, whatever is decided meanwhile.
  void Summon();

  // All that the caller wants is decided. What was written before is seen by whoever is told so.
  void TellDecided();

  // Waits for the next event. At most one thread at a time.
  Event Await(absl::Time deadline);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_summoned_ = false;  // guarded by mutex_
  bool is_decided_ = false;   // guarded by mutex_
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_GROUP_SIGNAL_H_
