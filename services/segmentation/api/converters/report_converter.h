#ifndef SERVICES_SEGMENTATION_API_CONVERTERS_REPORT_CONVERTER_H_
#define SERVICES_SEGMENTATION_API_CONVERTERS_REPORT_CONVERTER_H_

// Reports over all customers as messages. Pure functions.

#include <vector>

#include "clientele/segmentation/v1/analytics_service.pb.h"
#include "clientele/segmentation/v1/rfm_report.pb.h"
#include "services/segmentation/domain/movement.h"
#include "services/segmentation/domain/rfm_model.h"
#include "services/segmentation/domain/sales_report.h"
#include "services/segmentation/domain/score_matrix.h"

namespace clientele::segmentation {

// Everything but the runs. `spec` is of either run: they have the rule set in common.
v1::RfmComparison ToProto(const RfmModelSpec& spec, const MovementCounter& counter);

// Everything but what names the run; `spec` is the run's, `found` its cells that have customers.
v1::RfmMatrix ToProto(const RfmModelSpec& spec, const std::vector<MatrixCell>& found);

// The rows and their total.
v1::ReportSalesResponse ToProto(SalesPeriod period, const SalesCounter& counter);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_CONVERTERS_REPORT_CONVERTER_H_
