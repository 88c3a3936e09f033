#include "common/server/feed_log.h"

#include "absl/strings/str_cat.h"
#include "common/observability/status_log.h"

namespace clientele::server {

void LogConsumerFailure(Logger& logger, const feed::ConsumerFailure& failure) {
  LogStatus(logger, failure.is_final ? LogLevel::kError : LogLevel::kWarn, "feed_consumer",
            absl::StrCat("following the feed of ", failure.source,
                         failure.is_final ? " has ended for good" : " failed; it is tried again"),
            failure.status);
}

}  // namespace clientele::server
