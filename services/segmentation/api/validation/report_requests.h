#ifndef SERVICES_SEGMENTATION_API_VALIDATION_REPORT_REQUESTS_H_
#define SERVICES_SEGMENTATION_API_VALIDATION_REPORT_REQUESTS_H_

// Requests for reports as plain values. Each Validate… answers INVALID_ARGUMENT with every
// violation at once. Pure functions.

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/segmentation/v1/analytics_service.pb.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "services/segmentation/domain/sales_report.h"
#include "services/segmentation/store/report_store.h"

namespace clientele::segmentation {

struct CompareRunsQuery {
  std::string from_run_id;
  std::string to_run_id;  // empty = the latest that succeeded
};
absl::StatusOr<CompareRunsQuery> Validate(const v1::CompareRunsRequest& request);

// The run's id; empty = the latest that succeeded.
absl::StatusOr<std::string> Validate(const v1::GetRfmMatrixRequest& request);

struct SalesQuery {
  SalesPeriod period = SalesPeriod::kMonth;
  SalesDimension dimension = SalesDimension::kNone;
  std::optional<absl::Time> as_of;  // unset = now
  absl::Time begin;                 // of the first day, or before every order
  absl::Time end;                   // of the last day, or after every order
  std::string time_zone;            // IANA name of `zone`
  absl::TimeZone zone;
  std::string currency_code;  // empty = the only one there is
  std::string source_system;  // empty = all
};
absl::StatusOr<SalesQuery> Validate(const v1::ReportSalesRequest& request);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_VALIDATION_REPORT_REQUESTS_H_
