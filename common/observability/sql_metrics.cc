#include "common/observability/sql_metrics.h"

#include <mutex>

namespace clientele {
namespace {

constexpr absl::string_view kOther = "other";

prometheus::Histogram& Register(Metrics& metrics, absl::string_view statement_name) {
  return metrics.AddHistogram("sql_query_seconds", "Seconds a SQL statement takes, by its name.",
                              SqlSecondsBuckets(), {{"statement", std::string(statement_name)}});
}

}  // namespace

SqlMetrics::SqlMetrics(Metrics& metrics) : metrics_(metrics) {
  series_.emplace(kOther, &Register(metrics_, kOther));
}

void SqlMetrics::Observe(absl::string_view statement_name, double seconds) {
  Series(statement_name).Observe(seconds);
}

std::function<void(absl::string_view, double)> SqlMetrics::Observer() {
  return [this](absl::string_view statement_name, double seconds) {
    Observe(statement_name, seconds);
  };
}

prometheus::Histogram& SqlMetrics::Series(absl::string_view statement_name) {
  {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    if (const auto found = series_.find(statement_name); found != series_.end()) {
      return *found->second;
    }
  }
  std::unique_lock<std::shared_mutex> lock(mutex_);
  const bool is_full = series_.size() >= kSqlStatementNamesMax;
  const auto [entry, is_new] = series_.try_emplace(is_full ? kOther : statement_name, nullptr);
  if (is_new) {
    entry->second = &Register(metrics_, statement_name);
  }
  return *entry->second;
}

}  // namespace clientele
