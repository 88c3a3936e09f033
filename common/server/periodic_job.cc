#include "common/server/periodic_job.h"

#include <utility>

#include "common/status/macros.h"

namespace clientele::server {

void PeriodicJob::Start(std::function<absl::Status()> round,
                        std::function<void(const absl::Status&)> on_failure) {
  StartInParts(
      [round = std::move(round)]() -> absl::StatusOr<bool> {
        CLIENTELE_RETURN_IF_ERROR(round());
        return false;
      },
      std::move(on_failure));
}

void PeriodicJob::StartInParts(std::function<absl::StatusOr<bool>()> round,
                               std::function<void(const absl::Status&)> on_failure) {
  CLIENTELE_CHECK(!task_.has_value());
  task_.emplace(interval_, [this, round = std::move(round), on_failure = std::move(on_failure)] {
    bool has_more = true;
    while (has_more && !is_stopping_) {
      has_more = false;
      const absl::Status status = metrics_.Run([&]() -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(has_more, round());
        return absl::OkStatus();
      });
      if (!status.ok()) {
        on_failure(status);
      }
    }
  });
}

void PeriodicJob::Stop() {
  is_stopping_ = true;
  task_.reset();
}

}  // namespace clientele::server
