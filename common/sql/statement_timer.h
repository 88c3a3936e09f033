#ifndef COMMON_SQL_STATEMENT_TIMER_H_
#define COMMON_SQL_STATEMENT_TIMER_H_

// Measures one statement for the driver's observer.

#include <chrono>

#include "absl/strings/string_view.h"
#include "common/sql/statement_observer.h"

namespace clientele::sql {

// Reports the time from its construction to its destruction. Reads no clock without an observer,
// since a fast statement takes little longer than the reading. Not copied, used by one thread.
class StatementTimer {
 public:
  using SteadyClock = std::chrono::steady_clock;

  // `observer` and `name` must outlive it.
  StatementTimer(const StatementObserver& observer, absl::string_view name)
      : observer_(observer), name_(name) {
    if (observer_) {
      start_ = SteadyClock::now();
    }
  }
  StatementTimer(const StatementTimer&) = delete;
  StatementTimer& operator=(const StatementTimer&) = delete;
  ~StatementTimer() {
    if (observer_) {
      observer_(name_, std::chrono::duration<double>(SteadyClock::now() - start_).count());
    }
  }

 private:
  const StatementObserver& observer_;
  const absl::string_view name_;
  SteadyClock::time_point start_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_STATEMENT_TIMER_H_
