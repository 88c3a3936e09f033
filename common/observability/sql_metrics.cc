#include "common/observability/sql_metrics.h"

#include <mutex>
#include <utility>

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

void AddSqlPoolMetrics(Metrics& metrics, SqlPoolReadings readings) {
  metrics.AddGaugeReading("sql_pool_size_connections", "Connections to the database at most.", {},
                          std::move(readings.size_connections));
  metrics.AddGaugeReading("sql_pool_in_use_connections",
                          "Connections to the database that a transaction holds.", {},
                          std::move(readings.in_use_connections));
  metrics.AddGaugeReading("sql_pool_waiting_transactions",
                          "Transactions that wait for a connection to the database.", {},
                          std::move(readings.waiting_transactions));
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
