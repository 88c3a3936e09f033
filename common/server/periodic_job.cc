#include "common/server/periodic_job.h"

#include <utility>

#include "common/status/macros.h"

namespace clientele::server {

void PeriodicJob::Start(std::function<absl::Status()> round,
                        std::function<void(const absl::Status&)> on_failure) {
  CLIENTELE_CHECK(!task_.has_value());
  task_.emplace(interval_, [this, round = std::move(round), on_failure = std::move(on_failure)] {
    if (const absl::Status status = metrics_.Run(round); !status.ok()) {
      on_failure(status);
    }
  });
}

}  // namespace clientele::server
