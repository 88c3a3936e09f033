#ifndef COMMON_OBSERVABILITY_METRICS_TEXT_H_
#define COMMON_OBSERVABILITY_METRICS_TEXT_H_

// What a scrape answers: the series of several sources as one Prometheus text page.
//
// Thread safety: pure functions over thread-safe sources.

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace clientele {

// Every family of every source, sorted by name, those of the same name as one: the text format
// allows a name only once, and the services of one process share the grpc_server_* names.
std::vector<prometheus::MetricFamily> CollectMerged(
    absl::Span<const prometheus::Collectable* const> sources);

// CollectMerged in the Prometheus text exposition format 0.0.4.
std::string RenderMetrics(absl::Span<const prometheus::Collectable* const> sources);

// One sorted line for each name and label set: "counter grpc_server_started_total{grpc_method,…}".
// For the golden lists that pin what exists.
std::vector<std::string> ListMetrics(absl::Span<const prometheus::Collectable* const> sources);

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_METRICS_TEXT_H_
