#include "common/config/cgroup.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace clientele {
namespace {

constexpr size_t kFileBytesMax = 16384;
// Groups above ours; nesting is far shallower.
constexpr int kGroupsMax = 64;
// Version 1 says "no limit" with the largest multiple of a page.
constexpr int64_t kMemoryBytesMax = int64_t{1} << 60;

std::string ReadSmallFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kFileBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

// Calls `visit` with the folder of the group and of every group above it. Inside a container the
// path may be the host's, whose folders are not there: then only the mount's own has files.
void ForEachGroup(const std::string& mount, std::string group,
                  const std::function<void(const std::string&)>& visit) {
  for (int i = 0; i < kGroupsMax && !group.empty() && group != "/"; ++i) {
    visit(mount + group);
    group.resize(group.rfind('/'));
  }
  visit(mount);
}

template <typename Number>
void Lower(Number& limit, const std::optional<Number>& other) {
  limit = other.has_value() ? std::min(limit, *other) : limit;
}

int AvailableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const bool is_known = sched_getaffinity(0, sizeof(set), &set) == 0;
  return is_known ? std::max(1, CPU_COUNT(&set)) : 1;
}

int64_t PhysicalMemoryBytes() {
  const int64_t pages = sysconf(_SC_PHYS_PAGES);
  const int64_t page_bytes = sysconf(_SC_PAGESIZE);
  return pages > 0 && page_bytes > 0 ? pages * page_bytes : kMemoryBytesMax;
}

}  // namespace

MachineLimits ReadMachineLimits(absl::string_view root_path) {
  double cpus = AvailableCpus();
  int64_t memory_bytes = PhysicalMemoryBytes();
  const std::string mount = absl::StrCat(root_path, "/sys/fs/cgroup");
  const std::string groups = ReadSmallFile(absl::StrCat(root_path, "/proc/self/cgroup"));
  if (const auto group = ParseCgroupPath(groups, ""); group.has_value()) {
    ForEachGroup(mount, *group, [&](const std::string& folder) {
      Lower(cpus, ParseCpuMax(ReadSmallFile(folder + "/cpu.max")));
      Lower(memory_bytes, ParseMemoryMax(ReadSmallFile(folder + "/memory.max")));
    });
  }
  if (const auto group = ParseCgroupPath(groups, "cpu"); group.has_value()) {
    ForEachGroup(mount + "/cpu", *group, [&](const std::string& folder) {
      Lower(cpus, ParseCpuQuota(ReadSmallFile(folder + "/cpu.cfs_quota_us"),
                                ReadSmallFile(folder + "/cpu.cfs_period_us")));
    });
  }
  if (const auto group = ParseCgroupPath(groups, "memory"); group.has_value()) {
    ForEachGroup(mount + "/memory", *group, [&](const std::string& folder) {
      Lower(memory_bytes, ParseMemoryMax(ReadSmallFile(folder + "/memory.limit_in_bytes")));
    });
  }
  return {std::max(1, static_cast<int>(std::ceil(cpus))), memory_bytes};
}

std::optional<double> ParseCpuMax(absl::string_view text) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(absl::StripAsciiWhitespace(text), ' ');
  return words.size() == 2 ? ParseCpuQuota(words[0], words[1]) : std::nullopt;
}

std::optional<double> ParseCpuQuota(absl::string_view quota, absl::string_view period) {
  int64_t quota_us = 0;
  int64_t period_us = 0;
  if (!absl::SimpleAtoi(quota, &quota_us) || !absl::SimpleAtoi(period, &period_us) ||
      quota_us <= 0 || period_us <= 0) {
    return std::nullopt;
  }
  return static_cast<double>(quota_us) / static_cast<double>(period_us);
}

std::optional<int64_t> ParseMemoryMax(absl::string_view text) {
  int64_t bytes = 0;
  if (!absl::SimpleAtoi(text, &bytes) || bytes <= 0 || bytes >= kMemoryBytesMax) {
    return std::nullopt;
  }
  return bytes;
}

std::optional<std::string> ParseCgroupPath(absl::string_view text, absl::string_view controller) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    // "4:cpu,cpuacct:/docker/1f", or "0::/system.slice/x.service" for version 2.
    const std::vector<absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (parts.size() != 3 || !absl::StartsWith(parts[2], "/") ||
        absl::StrContains(parts[2], "..")) {
      continue;
    }
    const std::vector<absl::string_view> controllers = absl::StrSplit(parts[1], ',');
    if (std::find(controllers.begin(), controllers.end(), controller) != controllers.end()) {
      return std::string(parts[2]);
    }
  }
  return std::nullopt;
}

}  // namespace clientele
