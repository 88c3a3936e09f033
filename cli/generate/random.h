#ifndef CLI_GENERATE_RANDOM_H_
#define CLI_GENERATE_RANDOM_H_

// Seeded random numbers with the same values on every machine and in every standard library, which
// std:: distributions do not have. Thread safety: one thread at a time per object.
//
// Sources of the algorithms:
//   bits         xoshiro256**: D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number
//                Generators", ACM TOMS 47 (2021); seeded by SplitMix64 (G. Steele and others,
//                OOPSLA 2014), as its authors advise
//   Below        D. Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29 (2019)
//   Normal       the polar method: G. Marsaglia, T. Bray, SIAM Review 6 (1964)
//   Gamma        G. Marsaglia, W. Tsang, "A Simple Method for Generating Gamma Variables", ACM TOMS
//                26 (2000); below shape 1 by the same paper's U^(1/shape)
//   Exponential  inversion

#include <array>
#include <cstdint>

namespace clientele::cli {

class Random {
 public:
  // The numbers of `stream` under `seed`; different streams are independent.
  Random(uint64_t seed, uint64_t stream);

  uint64_t Bits();

  // Uniform in (0, 1), a multiple of 2^-53 plus 2^-54: neither end occurs.
  double Uniform();

  // Uniform in [0, bound), bound >= 1.
  uint32_t Below(uint32_t bound);

  // True with `probability`.
  bool Chance(double probability) { return Uniform() < probability; }

  // Mean 1.
  double Exponential();

  // Mean 0, variance 1.
  double Normal();

  // Mean and variance `shape`, above 0.
  double Gamma(double shape);

 private:
  std::array<uint64_t, 4> state_;
};

}  // namespace clientele::cli

#endif  // CLI_GENERATE_RANDOM_H_
