#include "services/segmentation/api/validation/report_requests.h"

#include <utility>

#include "common/status/value_unless.h"
#include "common/time/civil.h"
#include "common/time/timestamp.h"
#include "services/segmentation/api/validation/fields.h"

namespace clientele::segmentation {
namespace {

constexpr char kUnknownValue[] = "is not a known value";

SalesPeriod CheckPeriod(v1::SalesPeriod period, Violations& violations) {
  switch (period) {
    case v1::SALES_PERIOD_YEAR:
      return SalesPeriod::kYear;
    case v1::SALES_PERIOD_MONTH:
      return SalesPeriod::kMonth;
    case v1::SALES_PERIOD_DAY:
      return SalesPeriod::kDay;
    case v1::SALES_PERIOD_UNSPECIFIED:
      violations.Add("period", "must be set");
      return SalesPeriod::kMonth;
    default:
      violations.Add("period", kUnknownValue);
      return SalesPeriod::kMonth;
  }
}

SalesDimension CheckDimension(v1::SalesDimension dimension, Violations& violations) {
  switch (dimension) {
    case v1::SALES_DIMENSION_UNSPECIFIED:
      return SalesDimension::kNone;
    case v1::SALES_DIMENSION_CHANNEL:
      return SalesDimension::kChannel;
    case v1::SALES_DIMENSION_REGION:
      return SalesDimension::kRegion;
    default:
      violations.Add("dimension", kUnknownValue);
      return SalesDimension::kNone;
  }
}

// Half-open; an absent end does not bound.
void CheckDates(const v1::ReportSalesRequest& request, SalesQuery& query, Violations& violations) {
  query.begin = absl::FromUnixMicros(kUnixMicrosMin);
  query.end = absl::FromUnixMicros(kUnixMicrosEnd);
  const bool has_from = !request.from_date().empty();
  const bool has_to = !request.to_date().empty();
  const size_t violation_count = violations.all().size();
  absl::CivilDay from;
  absl::CivilDay to;
  if (has_from) {
    from = CheckAsOfDate("from_date", request.from_date(), violations);
    query.begin = StartOfDay(from, query.zone);
  }
  if (has_to) {
    to = CheckAsOfDate("to_date", request.to_date(), violations);
    query.end = StartOfDay(to, query.zone);
  }
  if (has_from && has_to && violations.all().size() == violation_count && from >= to) {
    violations.Add("to_date", "must be after from_date");
  }
}

}  // namespace

absl::StatusOr<CompareRunsQuery> Validate(const v1::CompareRunsRequest& request) {
  Violations violations;
  CompareRunsQuery query{CheckRunId("from_run_id", request.from_run_id(), violations),
                         CheckOptionalRunId("to_run_id", request.to_run_id(), violations)};
  return ValueUnless(violations, std::move(query));
}

absl::StatusOr<std::string> Validate(const v1::GetRfmMatrixRequest& request) {
  Violations violations;
  std::string run_id = CheckOptionalRunId("run_id", request.run_id(), violations);
  return ValueUnless(violations, std::move(run_id));
}

absl::StatusOr<SalesQuery> Validate(const v1::ReportSalesRequest& request) {
  Violations violations;
  SalesQuery query;
  query.period = CheckPeriod(request.period(), violations);
  query.dimension = CheckDimension(request.dimension(), violations);
  if (request.has_as_of_time()) {
    query.as_of = CheckTime("as_of_time", request.as_of_time(), violations);
  }
  query.time_zone = request.time_zone().empty() ? "UTC" : request.time_zone();
  query.zone = CheckTimeZone("time_zone", request.time_zone(), violations);
  CheckDates(request, query, violations);
  CheckOptionalCurrency("currency_code", request.currency_code(), violations);
  query.currency_code = request.currency_code();
  CheckSourceSystem("source_system", request.source_system(), violations);
  query.source_system = request.source_system();
  return ValueUnless(violations, std::move(query));
}

}  // namespace clientele::segmentation
