#ifndef SERVICES_SEGMENTATION_DOMAIN_ERRORS_H_
#define SERVICES_SEGMENTATION_DOMAIN_ERRORS_H_

// The named errors of the segmentation service. Each carries its reason (the function's name in
// UPPER_SNAKE unless stated) and every dynamic part of its message as metadata. Pure functions; ids
// are opaque and never personal data.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/segmentation/domain/gates.h"

namespace clientele::segmentation {

// NOT_FOUND; `version` 0 = no version of the model exists.
absl::Status RfmModelNotFound(absl::string_view model_id, int64_t version);

// NOT_FOUND.
absl::Status RfmRunNotFound(absl::string_view run_id);

// RFM_RUN_NOT_FOUND with an empty run_id: the latest run that succeeded was asked for.
absl::Status NoRfmRunSucceeded();

// FAILED_PRECONDITION. `state` is the run's present one, without its enum prefix ("RUNNING").
absl::Status RfmRunNotFinished(absl::string_view run_id, absl::string_view state);
absl::Status RfmRunEnded(absl::string_view run_id, absl::string_view state);

// RESOURCE_EXHAUSTED: the run was begun `attempt_count` times and never came to an end, since the
// process ended first.
absl::Status RfmRunAttemptsExhausted(absl::string_view run_id, int64_t attempt_count);

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

// FAILED_PRECONDITION: the model names no currency and orders come in `currency_codes`, which are
// several. Metadata: currencies.
absl::Status CurrencyRequired(const std::vector<std::string>& currency_codes);

// CURRENCY_REQUIRED of a report that names no currency.
absl::Status ReportCurrencyRequired(const std::vector<std::string>& currency_codes);

// What RfmRunsNotComparable is about: two texts that a caller must not swap.
struct RuleSetPair {
  absl::string_view from_rule_set_id;
  absl::string_view to_rule_set_id;
};

// FAILED_PRECONDITION: two runs name segments by different rule sets.
absl::Status RfmRunsNotComparable(const RuleSetPair& rule_sets);

// FAILED_PRECONDITION: a report has more than `rows_max` rows.
absl::Status ReportTooLarge(int64_t rows_max);

// INSUFFICIENT_DATA with the gate BUYERS: nothing can be scored, not even by force, whatever
// `buyers_min` the model asks for.
absl::Status NoBuyers(int64_t buyers_min);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_ERRORS_H_
