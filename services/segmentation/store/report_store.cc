#include "services/segmentation/store/report_store.h"

#include <array>
#include <map>
#include <string>
#include <utility>

#include "common/status/macros.h"
#include "services/segmentation/domain/order_counting.h"
#include "services/segmentation/store/sql_reports.h"

namespace clientele::segmentation {
namespace {

// Gathers the rows of one customer, which come together, into one call.
class PairGatherer {
 public:
  using OnCustomer = absl::FunctionRef<void(const std::optional<SegmentScore>& from,
                                            const std::optional<SegmentScore>& to)>;

  explicit PairGatherer(OnCustomer on_customer) : on_customer_(on_customer) {}

  void Take(const sql::Row& row) {
    const absl::string_view customer_id = row.Text(0);
    if (customer_id_ != customer_id) {
      Finish();
      customer_id_.assign(customer_id.data(), customer_id.size());
    }
    SegmentScore score{std::nullopt, row.Int64(3), row.Int64(4)};
    if (!row.IsNull(2)) {
      score.segment = static_cast<SegmentIndex>(row.Int64(2));
    }
    scores_[row.Int64(1) == 0 ? 0 : 1] = score;
  }

  // Hands out the customer under way.
  void Finish() {
    if (scores_[0].has_value() || scores_[1].has_value()) {
      on_customer_(scores_[0], scores_[1]);
    }
    scores_ = {};
  }

 private:
  OnCustomer on_customer_;
  std::string customer_id_;
  std::array<std::optional<SegmentScore>, 2> scores_;
};

int64_t Micros(absl::Time time) { return absl::ToUnixMicros(time); }

}  // namespace

absl::Status ReadScorePairs(sql::Tx& tx, const RunPair& runs,
                            PairGatherer::OnCustomer on_customer) {
  PairGatherer gatherer(on_customer);
  CLIENTELE_RETURN_IF_ERROR(tx.Query(
      kSelectRfmScorePairs, {static_cast<int64_t>(runs.from), static_cast<int64_t>(runs.to)},
      [&gatherer](const sql::Row& row) {
        gatherer.Take(row);
        return absl::OkStatus();
      }));
  gatherer.Finish();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<MatrixCell>> SumScoreCells(sql::Tx& tx, RunNo run_no) {
  std::map<std::pair<int64_t, int64_t>, SegmentTotal> totals;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(
      kSelectRfmScoreCells, {static_cast<int64_t>(run_no)}, [&totals](const sql::Row& row) {
        SegmentTotal& total = totals[{row.Int64(0), row.Int64(1)}];
        ++total.customers;
        total.orders = AddClamped(total.orders, row.Int64(2));
        total.revenue_minor = AddClamped(total.revenue_minor, row.Int64(3));
        return absl::OkStatus();
      }));
  std::vector<MatrixCell> cells;
  cells.reserve(totals.size());
  for (const auto& [scores, total] : totals) {
    cells.push_back({static_cast<int>(scores.first), static_cast<int>(scores.second), total});
  }
  return cells;
}

absl::Status ReadSoldOrders(sql::Tx& tx, const SoldOrderQuery& query,
                            absl::FunctionRef<absl::Status(const SoldOrder&)> on_order) {
  return tx.Query(kSelectSoldOrders,
                  {Micros(query.begin), Micros(query.end), query.currency_code, query.source_system,
                   Micros(query.as_of), static_cast<int64_t>(query.dimension)},
                  [&on_order](const sql::Row& row) {
                    return on_order({.customer_id = row.Text(0),
                                     .occur_time = absl::FromUnixMicros(row.Int64(1)),
                                     .gross_minor = row.Int64(2),
                                     .refunded_minor = row.Int64(3),
                                     .cancelled = row.Int64(4) != 0,
                                     .dimension_value = row.Text(5)});
                  });
}

}  // namespace clientele::segmentation
