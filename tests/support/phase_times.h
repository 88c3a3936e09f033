#ifndef TESTS_SUPPORT_PHASE_TIMES_H_
#define TESTS_SUPPORT_PHASE_TIMES_H_

// How long the calls of a load took, told by phase: the script that runs it begins a phase by a
// line.
//
// Thread safety: all but ToJson may be called by many threads at once.

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace clientele {

// Which phase it is.
class Phases {
 public:
  static constexpr size_t kMax = 1000;

  // Reads lines from the standard input, each of which begins a phase, until it is closed.
  void Follow();

  size_t current() const { return current_; }

 private:
  std::atomic<size_t> current_ = 0;
};

class PhaseTimes {
 public:
  // What one thread has seen; too large for a stack.
  class Own {
   public:
    // A call that began in `phase` and took `duration`.
    void Add(size_t phase, absl::Duration duration);

   private:
    friend class PhaseTimes;
    std::array<std::vector<double>, Phases::kMax> ms_;
  };

  void Add(const Own& own);

  // Once all have been added: [{"calls":…,"p50_ms":…,"p99_ms":…,"max_ms":…},…], phases 0 to `last`.
  std::string ToJson(size_t last);

 private:
  std::mutex mutex_;
  Own all_;  // guarded by mutex_
};

}  // namespace clientele

#endif  // TESTS_SUPPORT_PHASE_TIMES_H_
