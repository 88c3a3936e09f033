#ifndef COMMON_OBSERVABILITY_METRICS_H_
#define COMMON_OBSERVABILITY_METRICS_H_

// The Prometheus series of one service, named clientele_<service>_<thing>_<unit>.
//
// Every series carries the constant label clientele_service: `clientele up` serves several services
// on one ops port, and they share gRPC services (feed, health, reflection) whose series would
// collide. The label is not called "service" because Kubernetes scraping adds one of that name.
// No label holds customer data, and every label has few values.
//
// Thread safety: thread-safe. The references returned live as long as the Metrics and are
// thread-safe too (and cheap: an atomic add, or a short lock in a histogram).

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/labels.h"
#include "prometheus/metric_type.h"
#include "prometheus/registry.h"

namespace clientele {

// A value read at scrape time; nullopt leaves the sample out (not known now). Called on a thread of
// the ops server, one scrape at a time: it must be quick, must not block on a dependency, and what
// it reads must live until OpsPages::Close.
using MetricReading = std::function<std::optional<double>()>;

// Upper bounds in seconds of histogram buckets: of calls, and of SQL statements.
std::vector<double> CallSecondsBuckets();
std::vector<double> SqlSecondsBuckets();

// What a series ..._timestamp_seconds shows of an instant.
double TimestampSeconds(absl::Time time);

class Metrics final : public prometheus::Collectable {
 public:
  // `service` is the short name ("profile"). Registers clientele_build_info{version} = 1.
  Metrics(absl::string_view service, absl::string_view version);

  // Each adds one series at 0, or returns the one with these labels. `thing_unit` is the name after
  // clientele_<service>_, ends in the base unit ("imported_rows_total", "oldest_age_seconds") and
  // is used for one type only (CHECK); a counter ends in _total (CHECK). `help` is a sentence.
  prometheus::Counter& AddCounter(absl::string_view thing_unit, absl::string_view help,
                                  const prometheus::Labels& labels = {});
  prometheus::Gauge& AddGauge(absl::string_view thing_unit, absl::string_view help,
                              const prometheus::Labels& labels = {});
  prometheus::Histogram& AddHistogram(absl::string_view thing_unit, absl::string_view help,
                                      const std::vector<double>& bucket_bounds,
                                      const prometheus::Labels& labels = {});

  // Series whose value is asked for at each scrape. The same name and labels
  // twice is a CHECK failure.
  void AddGaugeReading(absl::string_view thing_unit, absl::string_view help,
                       const prometheus::Labels& labels, MetricReading read);
  void AddCounterReading(absl::string_view thing_unit, absl::string_view help,
                         const prometheus::Labels& labels, MetricReading read);

  // For series with names of the ecosystem (grpc_metrics.h): the registry, and the labels
  // that each family of it must carry.
  prometheus::Registry& registry() { return registry_; }
  const prometheus::Labels& constant_labels() const { return constant_labels_; }

  // Every series with its present value; runs the readings on the calling thread.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  struct ReadingSeries {
    std::string name;
    std::string help;
    prometheus::MetricType type;
    prometheus::Labels labels;
    MetricReading read;
  };

  // The full name, after checking that it is well formed and of one type only.
  std::string FullName(absl::string_view thing_unit, prometheus::MetricType type);
  void AddReading(ReadingSeries series);

  const std::string prefix_;
  const prometheus::Labels constant_labels_;
  prometheus::Registry registry_;
  mutable std::mutex mutex_;
  std::map<std::string, prometheus::MetricType> types_;
  std::vector<ReadingSeries> readings_;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_METRICS_H_
