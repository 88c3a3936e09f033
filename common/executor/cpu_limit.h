#ifndef COMMON_EXECUTOR_CPU_LIMIT_H_
#define COMMON_EXECUTOR_CPU_LIMIT_H_

// How many CPUs this process may use, so that a container with a quota of two does not start the
// threads of the sixty-four its machine has.
//
// Thread safety: pure functions of the file system.

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele {

// The CPUs a cgroup v2 `cpu.max` line grants, rounded up: "150000 100000" is 2. nullopt when the
// line sets no limit ("max 100000") or does not parse.
std::optional<int> CpusFromCgroupLine(absl::string_view cpu_max);

// The smaller of the hardware's CPUs and the limit in `cgroup_dir`/cpu.max; at least 1. A file that
// is absent (no cgroup v2) sets no limit.
int UsableCpuCount(const std::string& cgroup_dir = "/sys/fs/cgroup");

}  // namespace clientele

#endif  // COMMON_EXECUTOR_CPU_LIMIT_H_
