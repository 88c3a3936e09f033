#ifndef COMMON_OBSERVABILITY_SQL_METRICS_H_
#define COMMON_OBSERVABILITY_SQL_METRICS_H_

// clientele_<service>_sql_query_seconds{statement}: how long each named statement takes.

#include <functional>
#include <shared_mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/observability/metrics.h"

namespace clientele {

// Statement names that get series of their own; later ones are counted together as "other".
inline constexpr size_t kSqlStatementNamesMax = 512;

// Thread-safe.
class SqlMetrics {
 public:
  // `metrics` must outlive it.
  explicit SqlMetrics(Metrics& metrics);

  // Counts one execution. One hash look-up; a name's first use registers its series.
  void Observe(absl::string_view statement_name, double seconds);

  // Observe in the form a SQL driver takes; the SqlMetrics must outlive it.
  std::function<void(absl::string_view statement_name, double seconds)> Observer();

 private:
  prometheus::Histogram& Series(absl::string_view statement_name);

  Metrics& metrics_;
  std::shared_mutex mutex_;
  absl::flat_hash_map<std::string, prometheus::Histogram*> series_;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_SQL_METRICS_H_
