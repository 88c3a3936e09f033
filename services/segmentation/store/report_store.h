#ifndef SERVICES_SEGMENTATION_STORE_REPORT_STORE_H_
#define SERVICES_SEGMENTATION_STORE_REPORT_STORE_H_

// What reports over all customers read. Each function is one statement in constant memory; pure
// functions over a transaction.

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/segmentation/domain/movement.h"
#include "services/segmentation/domain/rfm_run.h"
#include "services/segmentation/domain/sales_report.h"
#include "services/segmentation/domain/score_matrix.h"

namespace clientele::segmentation {

// Two runs, which may be the same.
struct RunPair {
  RunNo from{};
  RunNo to{};
};

// Calls `on_customer` once for each customer with a score in either run; unset = not in that one.
absl::Status ReadScorePairs(sql::Tx& tx, const RunPair& runs,
                            absl::FunctionRef<void(const std::optional<SegmentScore>& from,
                                                   const std::optional<SegmentScore>& to)>
                                on_customer);

// The cells of a run that have customers. Sums stop at the int64 limits.
absl::StatusOr<std::vector<MatrixCell>> SumScoreCells(sql::Tx& tx, RunNo run_no);

// What SoldOrder::dimension_value is. The numbers stand in the statement.
enum class SalesDimension : int64_t { kNone = 0, kChannel = 1, kRegion = 2 };

struct SoldOrderQuery {
  absl::Time begin;  // of the orders, inclusive
  absl::Time end;    // exclusive
  absl::Time as_of;  // orders, refunds and cancellations before this count
  absl::string_view currency_code;
  absl::string_view source_system;  // only its orders; empty = all
  SalesDimension dimension = SalesDimension::kNone;
};

// Calls `on_order` for each order, those of one customer together; its error ends the reading and
// is returned. Reads the whole order log.
absl::Status ReadSoldOrders(sql::Tx& tx, const SoldOrderQuery& query,
                            absl::FunctionRef<absl::Status(const SoldOrder&)> on_order);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_REPORT_STORE_H_
