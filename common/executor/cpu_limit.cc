#include "common/executor/cpu_limit.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace clientele {

std::optional<int> CpusFromCgroupLine(absl::string_view cpu_max) {
  constexpr int64_t kCpuCountMax = 4096;
  const std::vector<absl::string_view> parts =
      absl::StrSplit(absl::StripAsciiWhitespace(cpu_max), ' ');
  int64_t quota_us = 0;
  int64_t period_us = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &quota_us) ||
      !absl::SimpleAtoi(parts[1], &period_us) || quota_us <= 0 || period_us <= 0) {
    return std::nullopt;
  }
  const int64_t cpus = quota_us / period_us + (quota_us % period_us != 0 ? 1 : 0);
  return static_cast<int>(std::min(cpus, kCpuCountMax));
}

int UsableCpuCount(const std::string& cgroup_dir) {
  int cpus = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::ifstream file(absl::StrCat(cgroup_dir, "/cpu.max"));
  std::string line;
  if (std::getline(file, line)) {
    cpus = std::min(cpus, CpusFromCgroupLine(line).value_or(cpus));
  }
  return cpus;
}

}  // namespace clientele
