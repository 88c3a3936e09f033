#ifndef COMMON_OBSERVABILITY_FEED_METRICS_H_
#define COMMON_OBSERVABILITY_FEED_METRICS_H_

// The gauges of the event feed, read at scrape time.
//
// Thread safety: as Metrics. The readings follow the rules of MetricReading.

#include "absl/strings/string_view.h"
#include "common/observability/metrics.h"

namespace clientele {

// What a service's own outbox looks like.
struct OutboxReadings {
  MetricReading depth_events;        // rows that the sequencer has not moved yet
  MetricReading oldest_age_seconds;  // of the oldest of them; 0 when there is none
};

// clientele_<service>_outbox_depth_events and clientele_<service>_outbox_oldest_age_seconds.
void AddOutboxMetrics(Metrics& metrics, OutboxReadings readings);

// How a consumer of another service's feed is doing.
struct ConsumerReadings {
  MetricReading lag_events;     // behind the head it has heard of, of the partitions it consumes
  MetricReading lag_seconds;    // since the oldest of these was recorded, it last heard, or began
  MetricReading partitions;     // that this process consumes; 16 in all replicas together
  MetricReading bootstrapping;  // 1 while it begins with an export of its source, else 0
};

// clientele_<service>_feed_lag_events, _feed_lag_seconds, _feed_partitions and
// _feed_bootstrapping, each {source}.
void AddConsumerMetrics(Metrics& metrics, absl::string_view source, ConsumerReadings readings);

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_FEED_METRICS_H_
