#ifndef SERVICES_SEGMENTATION_API_VALIDATION_FIELDS_H_
#define SERVICES_SEGMENTATION_API_VALIDATION_FIELDS_H_

// Checks of single fields. Each adds its violations under `field` and is pure.

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/rpc/call_context.h"
#include "common/status/error.h"
#include "google/protobuf/timestamp.pb.h"

namespace clientele::segmentation {

// The request id in its canonical form; empty when there is none or it is no UUID.
std::string CheckRequestId(const rpc::CallContext& call, absl::string_view request_id,
                           Violations& violations);

// An id that a caller may have chosen: ^[a-z0-9][a-z0-9-]{2,62}$.
void CheckChosenId(absl::string_view field, absl::string_view id, Violations& violations);

// The id of a run in its canonical form.
std::string CheckRunId(absl::string_view field, absl::string_view run_id, Violations& violations);

// The same where empty means the latest run that succeeded.
std::string CheckOptionalRunId(absl::string_view field, absl::string_view run_id,
                               Violations& violations);

// 0 = the latest.
void CheckVersion(absl::string_view field, int64_t version, Violations& violations);

// Empty, or ^[a-z0-9][a-z0-9-]{0,62}$.
void CheckSourceSystem(absl::string_view field, absl::string_view source_system,
                       Violations& violations);

// A date from 1900-01-01 to 2200-01-01.
absl::CivilDay CheckAsOfDate(absl::string_view field, absl::string_view date,
                             Violations& violations);

// The zone of an IANA name; empty = UTC.
absl::TimeZone CheckTimeZone(absl::string_view field, absl::string_view time_zone,
                             Violations& violations);

// Empty, or a currency of ISO 4217.
void CheckOptionalCurrency(absl::string_view field, absl::string_view currency_code,
                           Violations& violations);

// An instant within the years 1 to 9999.
absl::Time CheckTime(absl::string_view field, const google::protobuf::Timestamp& time,
                     Violations& violations);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_VALIDATION_FIELDS_H_
