#ifndef COMMON_TESTING_SEED_H_
#define COMMON_TESTING_SEED_H_

// The seed of a random test.

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"

namespace clientele {

// `usual`, so that every run is the same one, unless $CLIENTELE_SEED says another. Printed. Call it
// before the test starts threads.
inline uint32_t TestSeed(uint32_t usual) {
  uint32_t seed = usual;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment of a test
  const char* const wanted = std::getenv("CLIENTELE_SEED");
  if (wanted != nullptr && !absl::SimpleAtoi(wanted, &seed)) {
    std::fprintf(stderr, "CLIENTELE_SEED=%s is no number\n", wanted);
    std::abort();
  }
  std::printf("seed %u\n", seed);
  return seed;
}

}  // namespace clientele

#endif  // COMMON_TESTING_SEED_H_
