#include "common/server/feed_log.h"

#include "absl/strings/str_cat.h"
#include "common/observability/status_log.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

absl::string_view MessageOf(feed::ConsumerBootstrap::Phase phase) {
  switch (phase) {
    case feed::ConsumerBootstrap::Phase::kBegun:
      return "the first events are gone; begins with an export of ";
    case feed::ConsumerBootstrap::Phase::kResumed:
      return "goes on with the export of ";
    case feed::ConsumerBootstrap::Phase::kDone:
      return "is through with the export and follows the feed of ";
  }
  CLIENTELE_CHECK(false);
}

}  // namespace

void LogConsumerFailure(Logger& logger, const feed::ConsumerFailure& failure) {
  LogStatus(logger, failure.is_final ? LogLevel::kError : LogLevel::kWarn, "feed_consumer",
            absl::StrCat("following the feed of ", failure.source,
                         failure.is_final ? " has ended for good" : " failed; it is tried again"),
            failure.status);
}

void LogConsumerBootstrap(Logger& logger, const feed::ConsumerBootstrap& bootstrap) {
  logger.Info("feed_bootstrap", absl::StrCat(MessageOf(bootstrap.phase), bootstrap.source),
              {{"partition_count", static_cast<int64_t>(bootstrap.partitions.count())},
               {"event_count", bootstrap.event_count}});
}

}  // namespace clientele::server
