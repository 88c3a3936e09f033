#ifndef BENCH_CPU_H_
#define BENCH_CPU_H_

#include <ctime>

namespace clientele::bench {

// Of the whole process so far, in user and kernel mode.
inline double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace clientele::bench

#endif  // BENCH_CPU_H_
