#include "common/server/upkeep_rounds.h"

#include <cstdint>

#include "common/status/macros.h"

namespace clientele::server {

absl::Status RunTrim(sql::Database& database, const feed::FeedRetention& retention,
                     Logger& logger) {
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t deleted, feed::TrimFeed(database, retention));
  if (deleted > 0) {
    logger.Info("feed_trimmed", "events that everybody has had were deleted", {{"count", deleted}});
  }
  return absl::OkStatus();
}

absl::Status RunTidy(ServiceModule& module, Logger& logger) {
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t deleted, module.Tidy());
  if (deleted > 0) {
    logger.Info("tidied", "what had expired was deleted", {{"count", deleted}});
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> RunSeal(ServiceModule& module, Logger& logger) {
  CLIENTELE_ASSIGN_OR_RETURN(const bool has_done_some, module.Seal());
  if (has_done_some) {
    logger.Info("sealed", "texts of some customers were sealed, or their keys wrapped anew");
  }
  return has_done_some;
}

}  // namespace clientele::server
