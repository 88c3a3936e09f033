#include "common/observability/metrics_text.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "prometheus/text_serializer.h"

namespace clientele {
namespace {

absl::string_view TypeName(prometheus::MetricType type) {
  switch (type) {
    case prometheus::MetricType::Counter:
      return "counter";
    case prometheus::MetricType::Gauge:
      return "gauge";
    case prometheus::MetricType::Histogram:
      return "histogram";
    case prometheus::MetricType::Summary:
      return "summary";
    case prometheus::MetricType::Untyped:
      return "untyped";
  }
  return "untyped";
}

}  // namespace

std::vector<prometheus::MetricFamily> CollectMerged(
    absl::Span<const prometheus::Collectable* const> sources) {
  std::map<std::string, prometheus::MetricFamily> by_name;
  for (const prometheus::Collectable* source : sources) {
    for (prometheus::MetricFamily& family : source->Collect()) {
      const auto [known, is_new] = by_name.try_emplace(family.name);
      if (is_new) {
        known->second = std::move(family);
      } else {
        std::move(family.metric.begin(), family.metric.end(),
                  std::back_inserter(known->second.metric));
      }
    }
  }
  std::vector<prometheus::MetricFamily> merged;
  merged.reserve(by_name.size());
  for (auto& [name, family] : by_name) {
    merged.push_back(std::move(family));
  }
  return merged;
}

std::string RenderMetrics(absl::Span<const prometheus::Collectable* const> sources) {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, CollectMerged(sources));
  return std::move(text).str();
}

std::vector<std::string> ListMetrics(absl::Span<const prometheus::Collectable* const> sources) {
  std::set<std::string> lines;
  for (const prometheus::MetricFamily& family : CollectMerged(sources)) {
    for (const prometheus::ClientMetric& metric : family.metric) {
      std::set<absl::string_view> labels;
      for (const prometheus::ClientMetric::Label& label : metric.label) {
        labels.insert(label.name);
      }
      lines.insert(absl::StrCat(TypeName(family.type), " ", family.name, "{",
                                absl::StrJoin(labels, ","), "}"));
    }
  }
  return {lines.begin(), lines.end()};
}

}  // namespace clientele
