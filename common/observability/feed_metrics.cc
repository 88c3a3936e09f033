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

void AddConsumerMetrics(Metrics& metrics, absl::string_view source, ConsumerReadings readings) {
  const prometheus::Labels labels = {{"source", std::string(source)}};
  metrics.AddGaugeReading("feed_lag_events", "Events a consumer is behind the head of a feed.",
                          labels, std::move(readings.lag_events));
  metrics.AddGaugeReading("feed_lag_seconds",
                          "Age of the oldest event a consumer has not applied, or of what it last "
                          "heard while it is off the feed.",
                          labels, std::move(readings.lag_seconds));
  metrics.AddGaugeReading("feed_partitions", "Partitions of a feed this process consumes.", labels,
                          std::move(readings.partitions));
  metrics.AddGaugeReading("feed_bootstrapping",
                          "Whether a consumer is taking an export of what happened before.", labels,
                          std::move(readings.bootstrapping));
}

}  // namespace clientele
