#include "common/status/merge_violations.h"

#include <optional>

namespace clientele {

absl::Status MergeViolations(const Violations& own, std::initializer_list<absl::Status> others) {
  Violations all = own;
  int finding_count = own.empty() ? 0 : 1;
  absl::Status last = own.ToStatus();
  for (const absl::Status& status : others) {
    if (status.ok()) {
      continue;
    }
    ++finding_count;
    last = status;
    const std::optional<ErrorDetails> details = GetErrorDetails(status);
    if (!details.has_value()) {
      return status;
    }
    for (const FieldViolation& violation : details->field_violations) {
      all.Add(violation.field, violation.description);
    }
  }
  return finding_count <= 1 ? last : all.ToStatus();
}

}  // namespace clientele
