#include "common/observability/metrics.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "prometheus/check_names.h"

namespace clientele {
namespace {

constexpr char kServiceLabel[] = "clientele_service";

// One sample in the form the serializer takes.
prometheus::MetricFamily MakeFamily(const std::string& name, const std::string& help,
                                    prometheus::MetricType type, const prometheus::Labels& labels,
                                    double value) {
  prometheus::ClientMetric metric;
  for (const auto& [label, text] : labels) {
    metric.label.push_back({label, text});
  }
  metric.gauge.value = value;
  metric.counter.value = value;
  return {name, help, type, {std::move(metric)}};
}

}  // namespace

std::vector<double> CallSecondsBuckets() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

std::vector<double> SqlSecondsBuckets() {
  return {0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
          0.01,    0.025,  0.05,    0.1,    0.25,  0.5,    1};
}

double TimestampSeconds(absl::Time time) { return absl::ToDoubleSeconds(time - absl::UnixEpoch()); }

Metrics::Metrics(absl::string_view service, absl::string_view version)
    : prefix_(absl::StrCat("clientele_", service, "_")),
      constant_labels_({{kServiceLabel, std::string(service)}}) {
  prometheus::BuildGauge()
      .Name("clientele_build_info")
      .Help("Always 1; says which version of the service runs.")
      .Labels(constant_labels_)
      .Register(registry_)
      .Add({{"version", std::string(version)}})
      .Set(1);
}

prometheus::Counter& Metrics::AddCounter(absl::string_view thing_unit, absl::string_view help,
                                         const prometheus::Labels& labels) {
  return prometheus::BuildCounter()
      .Name(FullName(thing_unit, prometheus::MetricType::Counter))
      .Help(std::string(help))
      .Labels(constant_labels_)
      .Register(registry_)
      .Add(labels);
}

prometheus::Gauge& Metrics::AddGauge(absl::string_view thing_unit, absl::string_view help,
                                     const prometheus::Labels& labels) {
  return prometheus::BuildGauge()
      .Name(FullName(thing_unit, prometheus::MetricType::Gauge))
      .Help(std::string(help))
      .Labels(constant_labels_)
      .Register(registry_)
      .Add(labels);
}

prometheus::Histogram& Metrics::AddHistogram(absl::string_view thing_unit, absl::string_view help,
                                             const std::vector<double>& bucket_bounds,
                                             const prometheus::Labels& labels) {
  return prometheus::BuildHistogram()
      .Name(FullName(thing_unit, prometheus::MetricType::Histogram))
      .Help(std::string(help))
      .Labels(constant_labels_)
      .Register(registry_)
      .Add(labels, bucket_bounds);
}

void Metrics::AddGaugeReading(absl::string_view thing_unit, absl::string_view help,
                              const prometheus::Labels& labels, MetricReading read) {
  const auto type = prometheus::MetricType::Gauge;
  AddReading({FullName(thing_unit, type), std::string(help), type, labels, std::move(read)});
}

void Metrics::AddCounterReading(absl::string_view thing_unit, absl::string_view help,
                                const prometheus::Labels& labels, MetricReading read) {
  const auto type = prometheus::MetricType::Counter;
  AddReading({FullName(thing_unit, type), std::string(help), type, labels, std::move(read)});
}

std::vector<prometheus::MetricFamily> Metrics::Collect() const {
  std::vector<prometheus::MetricFamily> families = registry_.Collect();
  std::vector<ReadingSeries> readings;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    readings = readings_;
  }
  for (const ReadingSeries& series : readings) {
    if (const std::optional<double> value = series.read(); value.has_value()) {
      families.push_back(MakeFamily(series.name, series.help, series.type, series.labels, *value));
    }
  }
  return families;
}

std::string Metrics::FullName(absl::string_view thing_unit, prometheus::MetricType type) {
  CLIENTELE_CHECK(type != prometheus::MetricType::Counter || absl::EndsWith(thing_unit, "_total"));
  std::string name = absl::StrCat(prefix_, thing_unit);
  CLIENTELE_CHECK(prometheus::CheckMetricName(name));
  std::lock_guard<std::mutex> lock(mutex_);
  const auto [known, is_new] = types_.emplace(name, type);
  CLIENTELE_CHECK(known->second == type);
  return name;
}

void Metrics::AddReading(ReadingSeries series) {
  series.labels.insert(constant_labels_.begin(), constant_labels_.end());
  std::lock_guard<std::mutex> lock(mutex_);
  for (const ReadingSeries& known : readings_) {
    CLIENTELE_CHECK(known.name != series.name || known.labels != series.labels);
  }
  readings_.push_back(std::move(series));
}

}  // namespace clientele
