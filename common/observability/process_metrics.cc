#include "common/observability/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace clientele {
namespace {

// /proc/stat of a machine with very many processors stays below it.
constexpr size_t kProcFileBytesMax = 1 << 18;

std::string ReadBounded(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kProcFileBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

// Seconds since the epoch when the machine started ("btime" in /proc/stat).
std::optional<int64_t> ParseBootTime(absl::string_view stat) {
  for (const absl::string_view line : absl::StrSplit(stat, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    int64_t seconds = 0;
    if (words.size() == 2 && words[0] == "btime" && absl::SimpleAtoi(words[1], &seconds)) {
      return seconds;
    }
  }
  return std::nullopt;
}

// Open file descriptors; nullopt when the folder cannot be read.
std::optional<int64_t> CountOpenFiles(const std::string& folder) {
  std::error_code error;
  int64_t entries = 0;
  for (std::filesystem::directory_iterator entry(folder, error), end; entry != end && !error;
       entry.increment(error)) {
    ++entries;
  }
  if (error) {
    return std::nullopt;
  }
  return entries - 1;  // without the one that reads the folder
}

void Append(std::vector<prometheus::MetricFamily>& families, const char* name, const char* help,
            double value, prometheus::MetricType type = prometheus::MetricType::Gauge) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  metric.counter.value = value;
  families.push_back({name, help, type, {std::move(metric)}});
}

}  // namespace

std::optional<ProcessStat> ParseProcessStat(absl::string_view text) {
  const size_t name_end = text.rfind(')');
  if (name_end == absl::string_view::npos) {
    return std::nullopt;
  }
  // Field 3 of proc(5) is the first after the name.
  const std::vector<absl::string_view> fields =
      absl::StrSplit(text.substr(name_end + 1), ' ', absl::SkipEmpty());
  const auto number = [&fields](size_t proc_field, int64_t& value) {
    return proc_field - 3 < fields.size() && absl::SimpleAtoi(fields[proc_field - 3], &value);
  };
  int64_t user_ticks = 0;
  int64_t system_ticks = 0;
  ProcessStat stat;
  if (!number(14, user_ticks) || !number(15, system_ticks) || !number(22, stat.start_ticks) ||
      !number(23, stat.virtual_bytes) || !number(24, stat.resident_pages)) {
    return std::nullopt;
  }
  stat.cpu_ticks = user_ticks + system_ticks;
  return stat;
}

std::vector<prometheus::MetricFamily> ProcessMetrics::Collect() const {
  std::vector<prometheus::MetricFamily> families;
  const double ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto stat = ParseProcessStat(ReadBounded(absl::StrCat(proc_path_, "/self/stat")));
  if (stat.has_value()) {
    Append(families, "process_cpu_seconds_total", "User and system processor time spent.",
           static_cast<double>(stat->cpu_ticks) / ticks_per_second,
           prometheus::MetricType::Counter);
    Append(families, "process_virtual_memory_bytes", "Virtual memory size.",
           static_cast<double>(stat->virtual_bytes));
    Append(families, "process_resident_memory_bytes", "Resident memory size.",
           static_cast<double>(stat->resident_pages) * static_cast<double>(sysconf(_SC_PAGESIZE)));
  }
  const auto boot_time = ParseBootTime(ReadBounded(absl::StrCat(proc_path_, "/stat")));
  if (stat.has_value() && boot_time.has_value()) {
    Append(families, "process_start_time_seconds", "Start of the process since the Unix epoch.",
           static_cast<double>(*boot_time) +
               static_cast<double>(stat->start_ticks) / ticks_per_second);
  }
  if (const auto open_files = CountOpenFiles(absl::StrCat(proc_path_, "/self/fd"))) {
    Append(families, "process_open_fds", "Open file descriptors.",
           static_cast<double>(*open_files));
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    Append(families, "process_max_fds", "Most file descriptors that may be open.",
           static_cast<double>(limit.rlim_cur));
  }
  return families;
}

}  // namespace clientele
