#ifndef COMMON_SERVER_UPKEEP_ROUNDS_H_
#define COMMON_SERVER_UPKEEP_ROUNDS_H_

// A round each of the jobs that services have in common. One that did something leaves a line in
// the log, as far as the limit on repeats allows; one that found nothing to do leaves none.

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/feed/feed_trimmer.h"
#include "common/observability/log.h"
#include "common/server/service_module.h"
#include "common/sql/database.h"

namespace clientele::server {

// Deletes events that everybody has had; the errors of feed::TrimFeed.
absl::Status RunTrim(sql::Database& database, const feed::FeedRetention& retention, Logger& logger);

// ServiceModule::Tidy.
absl::Status RunTidy(ServiceModule& module, Logger& logger);

// ServiceModule::Seal; a line for each part.
absl::StatusOr<bool> RunSeal(ServiceModule& module, Logger& logger);

}  // namespace clientele::server

#endif  // COMMON_SERVER_UPKEEP_ROUNDS_H_
