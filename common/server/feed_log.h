#ifndef COMMON_SERVER_FEED_LOG_H_
#define COMMON_SERVER_FEED_LOG_H_

// What the log says of the consumers of other services' feeds.

#include "common/feed/consumer_status.h"
#include "common/observability/log.h"

namespace clientele::server {

// "feed_consumer": a warning while it is tried again by itself, an error when the consumer has
// given up and so waits for somebody. Thread-safe, as Logger.
void LogConsumerFailure(Logger& logger, const feed::ConsumerFailure& failure);

// "feed_bootstrap": that a consumer begins with an export of its source, goes on with it, is
// through. Thread-safe too.
void LogConsumerBootstrap(Logger& logger, const feed::ConsumerBootstrap& bootstrap);

}  // namespace clientele::server

#endif  // COMMON_SERVER_FEED_LOG_H_
