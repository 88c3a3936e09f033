#ifndef COMMON_OBSERVABILITY_PROCESS_METRICS_H_
#define COMMON_OBSERVABILITY_PROCESS_METRICS_H_

// The process_* series of Prometheus client libraries, read from /proc at each scrape. They belong
// to the process, not to a service: no label, and one instance even under `clientele up`.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace clientele {

// The part of /proc/self/stat that is used.
struct ProcessStat {
  int64_t cpu_ticks;    // user and system, since the start
  int64_t start_ticks;  // after boot
  int64_t virtual_bytes;
  int64_t resident_pages;
};

// Parses /proc/<pid>/stat; nullopt when it is not of that form. The program's name may hold spaces
// and parentheses.
std::optional<ProcessStat> ParseProcessStat(absl::string_view text);

// Thread-safe. A series whose source cannot be read is left out.
class ProcessMetrics final : public prometheus::Collectable {
 public:
  // `proc_path` is where proc is mounted.
  explicit ProcessMetrics(absl::string_view proc_path = "/proc") : proc_path_(proc_path) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::string proc_path_;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_PROCESS_METRICS_H_
