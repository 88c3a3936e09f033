#include "services/segmentation/api/handlers/rfm_reports.h"

#include <optional>
#include <string>
#include <vector>

#include "common/handler/tx_options.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/time/civil.h"
#include "services/segmentation/api/converters/report_converter.h"
#include "services/segmentation/api/converters/run_converter.h"
#include "services/segmentation/api/handlers/run_lookup.h"
#include "services/segmentation/api/validation/report_requests.h"
#include "services/segmentation/domain/movement.h"
#include "services/segmentation/domain/rule_set.h"
#include "services/segmentation/store/report_store.h"

namespace clientele::segmentation {
namespace {

absl::StatusOr<v1::RfmComparison> CompareIn(sql::Tx& tx, const CompareRunsQuery& query) {
  CLIENTELE_ASSIGN_OR_RETURN(const FinishedRun from, LookUpFinishedRun(tx, query.from_run_id));
  CLIENTELE_ASSIGN_OR_RETURN(const FinishedRun to, LookUpFinishedRun(tx, query.to_run_id));
  CLIENTELE_RETURN_IF_ERROR(RequireComparable(from.spec, to.spec));
  MovementCounter counter(RulesOf(to.spec).segments.size());
  CLIENTELE_RETURN_IF_ERROR(ReadScorePairs(
      tx, {from.record.run_no, to.record.run_no},
      [&counter](const std::optional<SegmentScore>& before,
                 const std::optional<SegmentScore>& after) { counter.Add(before, after); }));
  v1::RfmComparison comparison = ToProto(to.spec, counter);
  CLIENTELE_ASSIGN_OR_RETURN(*comparison.mutable_from_run(),
                             ToProto(from.record, std::nullopt, RunView::kList));
  CLIENTELE_ASSIGN_OR_RETURN(*comparison.mutable_to_run(),
                             ToProto(to.record, std::nullopt, RunView::kList));
  return comparison;
}

absl::StatusOr<v1::RfmMatrix> MatrixIn(sql::Tx& tx, const std::string& run_id) {
  CLIENTELE_ASSIGN_OR_RETURN(const FinishedRun run, LookUpFinishedRun(tx, run_id));
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<MatrixCell> cells,
                             SumScoreCells(tx, run.record.run_no));
  v1::RfmMatrix matrix = ToProto(run.spec, cells);
  matrix.set_run_id(run.record.request.run_id);
  matrix.set_as_of_date(FormatDate(run.record.request.as_of));
  return matrix;
}

}  // namespace

absl::StatusOr<v1::RfmComparison> RfmReports::Compare(rpc::CallContext& call,
                                                      const v1::CompareRunsRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const CompareRunsQuery query, Validate(request));
  return ReadIn(api_.database, TxOptionsOf(call),
                [&query](sql::Tx& tx) { return CompareIn(tx, query); });
}

absl::StatusOr<v1::RfmMatrix> RfmReports::Matrix(rpc::CallContext& call,
                                                 const v1::GetRfmMatrixRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::string run_id, Validate(request));
  return ReadIn(api_.database, TxOptionsOf(call),
                [&run_id](sql::Tx& tx) { return MatrixIn(tx, run_id); });
}

}  // namespace clientele::segmentation
