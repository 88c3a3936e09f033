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

// clientele_<service>_feed_lag_events{source}: how many events the consumer of `source`'s feed is
// behind its head, summed over partitions.
void AddConsumerMetrics(Metrics& metrics, absl::string_view source, MetricReading lag_events);

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_FEED_METRICS_H_
