#include "services/segmentation/api/converters/report_converter.h"

#include <cstdint>
#include <string>

#include "common/time/civil.h"
#include "services/segmentation/domain/rule_set.h"
#include "services/segmentation/limits.h"

namespace clientele::segmentation {
namespace {

void AddSegment(const Segment& segment, const SegmentTotal& from, const SegmentTotal& to,
                v1::RfmComparison& comparison) {
  v1::RfmSegmentChange& change = *comparison.add_segments();
  change.set_segment(std::string(segment.id));
  change.set_name_en(std::string(segment.name_en));
  change.set_name_zh(std::string(segment.name_zh));
  change.set_from_customer_count(from.customers);
  change.set_to_customer_count(to.customers);
  change.set_from_order_count(from.orders);
  change.set_to_order_count(to.orders);
  change.set_from_revenue_minor(from.revenue_minor);
  change.set_to_revenue_minor(to.revenue_minor);
}

void AddSegments(const RuleSet& rules, const MovementCounter& counter,
                 v1::RfmComparison& comparison) {
  for (size_t i = 0; i < rules.segments.size(); ++i) {
    AddSegment(rules.segments[i], counter.from_totals()[i], counter.to_totals()[i], comparison);
  }
  const SegmentTotal& from = counter.from_totals()[counter.no_segment()];
  const SegmentTotal& to = counter.to_totals()[counter.no_segment()];
  if (from.customers > 0 || to.customers > 0) {
    AddSegment(Segment{}, from, to, comparison);
  }
}

v1::RfmMovementKind KindOf(const Movement& movement, const MovementCounter& counter) {
  if (movement.from == counter.absent()) {
    return v1::RFM_MOVEMENT_KIND_NEW;
  }
  if (movement.to == counter.absent()) {
    return v1::RFM_MOVEMENT_KIND_GONE;
  }
  return movement.from == movement.to ? v1::RFM_MOVEMENT_KIND_STAYED : v1::RFM_MOVEMENT_KIND_MOVED;
}

std::string SegmentId(const RuleSet& rules, SegmentPlace place) {
  return place < rules.segments.size() ? std::string(rules.segments[place].id) : "";
}

v1::RfmMovement ToProto(const RuleSet& rules, const MovementCounter& counter,
                        const Movement& movement) {
  v1::RfmMovement proto;
  proto.set_kind(KindOf(movement, counter));
  proto.set_from_segment(SegmentId(rules, movement.from));
  proto.set_to_segment(SegmentId(rules, movement.to));
  proto.set_customer_count(movement.customers);
  proto.set_from_revenue_minor(movement.from_revenue_minor);
  proto.set_to_revenue_minor(movement.to_revenue_minor);
  return proto;
}

void AddToCounts(const v1::RfmMovement& movement, v1::RfmComparison& comparison) {
  const int64_t count = movement.customer_count();
  switch (movement.kind()) {
    case v1::RFM_MOVEMENT_KIND_STAYED:
      comparison.set_stayed_count(comparison.stayed_count() + count);
      break;
    case v1::RFM_MOVEMENT_KIND_NEW:
      comparison.set_new_count(comparison.new_count() + count);
      break;
    case v1::RFM_MOVEMENT_KIND_GONE:
      comparison.set_gone_count(comparison.gone_count() + count);
      break;
    default:
      comparison.set_moved_count(comparison.moved_count() + count);
      break;
  }
}

void SetTotal(const SalesTotal& total, v1::SalesRow& row) {
  row.set_order_count(total.orders);
  row.set_net_order_count(total.net_orders);
  row.set_buyer_count(total.buyers);
  row.set_gross_minor(total.gross_minor);
  row.set_refunded_minor(total.refunded_minor);
  row.set_cancelled_minor(total.cancelled_minor);
  row.set_net_minor(total.net_minor);
}

}  // namespace

v1::RfmComparison ToProto(const RfmModelSpec& spec, const MovementCounter& counter) {
  const RuleSet& rules = RulesOf(spec);
  const std::vector<Movement> movements = counter.Movements();
  v1::RfmComparison comparison;
  AddSegments(rules, counter, comparison);
  for (const Movement& movement : movements) {
    *comparison.add_movements() = ToProto(rules, counter, movement);
    AddToCounts(*comparison.movements().rbegin(), comparison);
  }
  for (const Movement& movement : LargestMovements(movements, kLargestMovements)) {
    *comparison.add_largest_movements() = ToProto(rules, counter, movement);
  }
  return comparison;
}

v1::RfmMatrix ToProto(const RfmModelSpec& spec, const std::vector<MatrixCell>& found) {
  const int score_count = ScoreCount(spec);
  v1::RfmMatrix matrix;
  matrix.set_currency_code(spec.currency_code);
  matrix.set_score_count(score_count);
  for (const MatrixCell& cell : FillMatrix(score_count, found)) {
    v1::RfmMatrixTotal& to = *matrix.add_cells();
    to.set_recency_score(cell.recency_score);
    to.set_frequency_score(cell.frequency_score);
    to.set_customer_count(cell.total.customers);
    to.set_order_count(cell.total.orders);
    to.set_revenue_minor(cell.total.revenue_minor);
    to.set_mean_monetary_minor(MeanMonetaryMinor(spec.monetary, cell.total));
  }
  return matrix;
}

v1::ReportSalesResponse ToProto(SalesPeriod period, const SalesCounter& counter) {
  v1::ReportSalesResponse response;
  for (const SalesRow& row : counter.Rows()) {
    v1::SalesRow& to = *response.add_rows();
    to.set_start_date(FormatDate(row.start));
    to.set_end_date(FormatDate(PeriodEnd(period, row.start)));
    to.set_dimension_value(row.dimension_value);
    SetTotal(row.total, to);
  }
  SetTotal(counter.total(), *response.mutable_total());
  return response;
}

}  // namespace clientele::segmentation
