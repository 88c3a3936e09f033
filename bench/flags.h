#ifndef BENCH_FLAGS_H_
#define BENCH_FLAGS_H_

// The command line of a benchmark.

#include <cstdint>
#include <initializer_list>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "common/status/macros.h"

namespace clientele::bench {

// A flag that takes a positive number, and where that goes.
using Flag = std::pair<absl::string_view, int64_t*>;

// Reads pairs of a flag and its value. Anything else is a CHECK: bench/rows makes the command
// lines.
inline void ParseFlags(int argc, char** argv, std::initializer_list<Flag> flags) {
  for (int i = 1; i < argc; i += 2) {
    int64_t* target = nullptr;
    for (const auto& [name, value] : flags) {
      if (name == argv[i]) target = value;
    }
    CLIENTELE_CHECK(target != nullptr && i + 1 < argc && absl::SimpleAtoi(argv[i + 1], target) &&
                    *target > 0);
  }
}

}  // namespace clientele::bench

#endif  // BENCH_FLAGS_H_
