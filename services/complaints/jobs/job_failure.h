#ifndef SERVICES_COMPLAINTS_JOBS_JOB_FAILURE_H_
#define SERVICES_COMPLAINTS_JOBS_JOB_FAILURE_H_

// What a job of complaints says when it could not go on.

#include <functional>

#include "absl/status/status.h"

namespace clientele::complaints {

// The job tries again by itself in any case.
struct JobFailure {
  absl::Status status;        // never OK
  bool needs_person = false;  // trying again will hardly help: the other service has refused
};

// Thread-safe and quick.
using OnJobFailure = std::function<void(const JobFailure&)>;

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_JOBS_JOB_FAILURE_H_
