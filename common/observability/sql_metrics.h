#ifndef COMMON_OBSERVABILITY_SQL_METRICS_H_
#define COMMON_OBSERVABILITY_SQL_METRICS_H_

// How long statements take and how much of the pool of connections is in use.

#include <functional>
#include <shared_mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/observability/metrics.h"

namespace clientele {

// Statement names that get series of their own; later ones are counted together as "other".
inline constexpr size_t kSqlStatementNamesMax = 512;

// clientele_<service>_sql_query_seconds{statement}: also of commits and of the waits for a
// connection. Thread-safe.
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

// As of now; each follows the rules of MetricReading.
struct SqlPoolReadings {
  MetricReading size_connections;
  MetricReading in_use_connections;
  MetricReading waiting_transactions;  // that wait for a connection
};

// clientele_<service>_sql_pool_size_connections, …_in_use_connections and …_waiting_transactions.
void AddSqlPoolMetrics(Metrics& metrics, SqlPoolReadings readings);

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_SQL_METRICS_H_
