#include "common/observability/feed_metrics.h"

#include <string>
#include <utility>

namespace clientele {

void AddOutboxMetrics(Metrics& metrics, OutboxReadings readings) {
  metrics.AddGaugeReading("outbox_depth_events", "Events not yet moved from outbox to feed.", {},
                          std::move(readings.depth_events));
  metrics.AddGaugeReading("outbox_oldest_age_seconds", "Age of the oldest event in the outbox.", {},
                          std::move(readings.oldest_age_seconds));
}

void AddConsumerMetrics(Metrics& metrics, absl::string_view source, MetricReading lag_events) {
  metrics.AddGaugeReading("feed_lag_events", "Events a consumer is behind the head of a feed.",
                          {{"source", std::string(source)}}, std::move(lag_events));
}

}  // namespace clientele
