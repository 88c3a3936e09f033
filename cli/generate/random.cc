#include "cli/generate/random.h"

#include <cmath>

#include "cli/generate/exact_math.h"

namespace clientele::cli {
namespace {

constexpr uint64_t kGoldenGamma = 0x9E3779B97F4A7C15u;

// The output function of SplitMix64.
uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

uint64_t RotateLeft(uint64_t x, int count) { return (x << count) | (x >> (64 - count)); }

}  // namespace

Random::Random(uint64_t seed, uint64_t stream) {
  uint64_t z = Mix(Mix(seed + kGoldenGamma) + stream);
  for (uint64_t& word : state_) {
    z += kGoldenGamma;
    word = Mix(z);
  }
}

uint64_t Random::Bits() {
  const uint64_t result = RotateLeft(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = RotateLeft(state_[3], 45);
  return result;
}

double Random::Uniform() {
  constexpr double kStep = 1.0 / (uint64_t{1} << 53);
  return (static_cast<double>(Bits() >> 11) + 0.5) * kStep;
}

uint32_t Random::Below(uint32_t bound) {
  uint64_t product = (Bits() >> 32) * bound;
  // Refuses the values that would make some results likelier; below one in 2^32 / bound tries.
  const uint32_t threshold = (0u - bound) % bound;
  while (static_cast<uint32_t>(product) < threshold) {
    product = (Bits() >> 32) * bound;
  }
  return static_cast<uint32_t>(product >> 32);
}

double Random::Exponential() { return -Log(Uniform()); }

double Random::Normal() {
  for (;;) {  // a try succeeds with probability pi / 4
    const double x = 2 * Uniform() - 1;
    const double y = 2 * Uniform() - 1;
    const double s = x * x + y * y;
    if (s < 1 && s > 0) return x * std::sqrt(-2 * Log(s) / s);
  }
}

double Random::Gamma(double shape) {
  if (shape < 1) {
    const double raised = Gamma(shape + 1);
    return raised * Exp(Log(Uniform()) / shape);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {  // a try succeeds with probability above 0.95
    const double x = Normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (Log(Uniform()) < 0.5 * x * x + d - d * v + d * Log(v)) return d * v;
  }
}

}  // namespace clientele::cli
