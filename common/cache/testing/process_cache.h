#ifndef COMMON_CACHE_TESTING_PROCESS_CACHE_H_
#define COMMON_CACHE_TESTING_PROCESS_CACHE_H_

// A cache as embedded mode has it, in the process alone, that counts its reads.

#include <optional>
#include <string>

#include "common/cache/cache_stack.h"
#include "common/cache/testing/counting_observer.h"
#include "common/time/clock.h"

namespace clientele::cache {

// Thread-safe.
class ProcessCache {
 public:
  // `clock` outlives it.
  explicit ProcessCache(const Clock& clock)
      : stack_({.cache = {.service = "test"}, .redis = std::nullopt}, clock, observer_) {}

  VersionedCache& cache() { return stack_.cache(); }
  // How many records came from there so far.
  int Reads(Source source) const { return observer_.Reads(source); }

 private:
  CountingObserver observer_;
  CacheStack stack_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_TESTING_PROCESS_CACHE_H_
