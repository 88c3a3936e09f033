#ifndef SERVICES_SEGMENTATION_DOMAIN_ERRORS_H_
#define SERVICES_SEGMENTATION_DOMAIN_ERRORS_H_

// The named errors of the segmentation service. Each carries its reason (the function's name in
// UPPER_SNAKE) and every dynamic part of its message as metadata. Pure functions; ids are opaque
// and never personal data.

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/segmentation/domain/gates.h"

namespace clientele::segmentation {

// NOT_FOUND.
absl::Status RfmModelNotFound(absl::string_view model_id);
absl::Status RfmRunNotFound(absl::string_view run_id);

// ALREADY_EXISTS: models are immutable, so the same id cannot be created again.
absl::Status RfmModelAlreadyExists(absl::string_view model_id);

// FAILED_PRECONDITION. `state` is the run's present one, without its enum prefix ("RUNNING").
absl::Status RfmRunNotFinished(absl::string_view run_id, absl::string_view state);
absl::Status RfmRunAlreadyFinished(absl::string_view run_id, absl::string_view state);

// What ScoreNotFound is about: two texts that a caller must not swap.
struct ScoreKey {
  absl::string_view run_id;
  absl::string_view customer_id;
};

// NOT_FOUND: the run has no score for that customer (no counted order, or unknown to it).
absl::Status ScoreNotFound(const ScoreKey& key);

// FAILED_PRECONDITION INSUFFICIENT_DATA with one precondition violation per failed gate; metadata
// gate, actual, required are of the first. `failed` must not be empty.
absl::Status InsufficientData(const std::vector<FailedGate>& failed);

// INSUFFICIENT_DATA with the gate BUYERS: nothing can be scored, not even by force.
absl::Status NoBuyers();

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_ERRORS_H_
