#ifndef COMMON_CONFIG_CGROUP_H_
#define COMMON_CONFIG_CGROUP_H_

// How much of the machine this process may use: what the cache's size and the threads that work
// rather than wait (rfm.load_threads) derive from. Those that wait do not (ADR 130).
//
// In a container the machine's processors and memory are not ours: the limits are in the files of
// our control group, version 2 or 1. Thread safety: pure functions over files.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele {

struct MachineLimits {
  int cpu_count;         // at least 1; a part of a processor counts as one
  int64_t memory_bytes;  // at least 1
};

// The limits of this process: the least of the machine's and those of its control group and every
// group above it. What cannot be read does not limit. `root_path` is prepended to the files read
// ("/proc/self/cgroup", "/sys/fs/cgroup/…").
MachineLimits ReadMachineLimits(absl::string_view root_path = "");

// The parsers; nullopt = no limit, or not in the form expected.

// cpu.max of version 2 ("150000 100000", "max 100000") as a number of processors.
std::optional<double> ParseCpuMax(absl::string_view text);
// cpu.cfs_quota_us ("-1" = none) and cpu.cfs_period_us of version 1 as a number of processors.
std::optional<double> ParseCpuQuota(absl::string_view quota, absl::string_view period);
// memory.max or memory.limit_in_bytes ("max", "536870912", a huge number for none).
std::optional<int64_t> ParseMemoryMax(absl::string_view text);
// The group of `controller` in /proc/self/cgroup ("" for version 2): "/system.slice/x.service".
// A path that climbs ("..") is not one.
std::optional<std::string> ParseCgroupPath(absl::string_view text, absl::string_view controller);

}  // namespace clientele

#endif  // COMMON_CONFIG_CGROUP_H_
