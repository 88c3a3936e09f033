#include "common/server/cache_reports.h"

#include <utility>
#include <vector>

#include "common/observability/grpc_metrics.h"
#include "common/observability/status_log.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

// By cache::Source.
constexpr std::array<const char*, 4> kSourceNames = {"memory", "shared", "flight", "load"};

// Bounds in seconds around the latency budget of Redis.
std::vector<double> ExchangeSecondsBuckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5};
}

}  // namespace

CacheReports::CacheReports(Metrics& metrics, Logger& logger, absl::Span<const std::string> kinds,
                           absl::Span<const redis::Address> redis_nodes)
    : metrics_(metrics),
      logger_(logger),
      fills_dropped_(metrics.AddCounter("cache_fills_dropped_total",
                                        "Records read too long ago to be kept in the cache.")),
      load_wait_(metrics.AddHistogram(
          "cache_load_wait_seconds",
          "How long reads waited for their turn at the database because Redis was away.",
          CallSecondsBuckets())),
      memory_on_(metrics.AddGauge("cache_memory_on",
                                  "1 while the cache in the process is on; with Redis it is off "
                                  "while invalidations may be lost.")) {
  for (const std::string& kind : kinds) {
    ReadCounters& counters = reads_[kind];
    for (size_t i = 0; i < counters.size(); ++i) {
      counters[i] = &metrics.AddCounter("cache_reads_total",
                                        "Records read through the cache, by where they came from.",
                                        {{"kind", kind}, {"source", kSourceNames[i]}});
    }
  }
  memory_on_.Set(redis_nodes.empty() ? 1 : 0);
  if (redis_nodes.empty()) {
    return;
  }
  ErrorsOf(cache::SharedOperation::kRead);
  ErrorsOf(cache::SharedOperation::kWrite);
  good_exchanges_ = &ExchangesOf(absl::OkStatus());
  for (const redis::Address& node : redis_nodes) {
    BreakerOf(node);
    ProbeFailuresOf(node);
  }
}

prometheus::Counter& CacheReports::ErrorsOf(cache::SharedOperation operation) {
  return metrics_.AddCounter(
      "cache_errors_total", "Keys that Redis could not be asked about.",
      {{"operation", operation == cache::SharedOperation::kRead ? "read" : "write"}});
}

prometheus::Histogram& CacheReports::ExchangesOf(const absl::Status& result) {
  return metrics_.AddHistogram(
      "redis_exchange_seconds", "Seconds a pipeline of commands to one node of Redis takes.",
      ExchangeSecondsBuckets(), {{"result", std::string(GrpcCodeName(result.code()))}});
}

prometheus::Gauge& CacheReports::BreakerOf(const redis::Address& node) {
  return metrics_.AddGauge("redis_breaker_open", "1 while a node of Redis is not asked.",
                           {{"node", redis::ToText(node)}});
}

prometheus::Counter& CacheReports::ProbeFailuresOf(const redis::Address& node) {
  return metrics_.AddCounter("redis_probe_failures_total",
                             "Attempts in vain to reach a node of Redis.",
                             {{"node", redis::ToText(node)}});
}

void CacheReports::OnExchange(const absl::Status& result, double seconds) {
  (result.ok() ? *good_exchanges_ : ExchangesOf(result)).Observe(seconds);
}

void CacheReports::OnBreakerChanged(const redis::Address& node, bool is_open) {
  BreakerOf(node).Set(is_open ? 1 : 0);
  const std::string address = redis::ToText(node);
  if (is_open) {
    logger_.Warn("redis_breaker", "Redis does not answer; reads go to the database",
                 {{"node", address}});
  } else {
    logger_.Info("redis_breaker", "Redis answers again", {{"node", address}});
  }
}

void CacheReports::OnProbeFailed(const redis::Address& node, const absl::Status& status) {
  ProbeFailuresOf(node).Increment();
  LogStatus(logger_, LogLevel::kWarn, "redis_probe", "a node of Redis cannot be reached", status);
}

void CacheReports::OnRead(absl::string_view kind, cache::Source source) {
  const auto counters = reads_.find(kind);
  CLIENTELE_CHECK(counters != reads_.end());
  counters->second[static_cast<size_t>(source)]->Increment();
}

void CacheReports::OnSharedError(cache::SharedOperation operation, const absl::Status& /*status*/) {
  ErrorsOf(operation).Increment();
}

void CacheReports::OnFillDropped() { fills_dropped_.Increment(); }

void CacheReports::OnLoadWait(double seconds) { load_wait_.Observe(seconds); }

void CacheReports::OnMemorySwitched(bool is_on, const absl::Status& reason) {
  memory_on_.Set(is_on ? 1 : 0);
  if (is_on) {
    logger_.Info("cache_memory", "invalidations arrive; the cache in the process is on", {});
  } else if (!absl::IsCancelled(reason)) {  // it is the server that ends
    LogStatus(logger_, LogLevel::kWarn, "cache_memory",
              "invalidations may be lost; the cache in the process is off", reason);
  }
}

}  // namespace clientele::server
