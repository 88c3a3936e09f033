#include "services/segmentation/domain/sales_report.h"

#include <algorithm>
#include <tuple>

#include "common/time/civil.h"
#include "services/segmentation/domain/errors.h"
#include "services/segmentation/domain/order_counting.h"

namespace clientele::segmentation {

absl::CivilDay PeriodStart(SalesPeriod period, absl::CivilDay day) {
  switch (period) {
    case SalesPeriod::kYear:
      return absl::CivilDay(absl::CivilYear(day));
    case SalesPeriod::kMonth:
      return absl::CivilDay(absl::CivilMonth(day));
    case SalesPeriod::kDay:
      break;
  }
  return day;
}

absl::CivilDay PeriodEnd(SalesPeriod period, absl::CivilDay start) {
  switch (period) {
    case SalesPeriod::kYear:
      return absl::CivilDay(absl::CivilYear(start) + 1);
    case SalesPeriod::kMonth:
      return absl::CivilDay(absl::CivilMonth(start) + 1);
    case SalesPeriod::kDay:
      break;
  }
  return start + 1;
}

void SalesCounter::Sum::Add(const SoldOrder& order, int64_t customer_no) {
  const int64_t left = std::max<int64_t>(0, order.gross_minor - order.refunded_minor);
  const int64_t net = order.cancelled ? 0 : left;
  ++total.orders;
  total.net_orders += net > 0 ? 1 : 0;
  total.buyers += last_customer_no == customer_no ? 0 : 1;
  last_customer_no = customer_no;
  total.gross_minor = AddClamped(total.gross_minor, order.gross_minor);
  total.refunded_minor = AddClamped(total.refunded_minor, order.gross_minor - left);
  total.cancelled_minor = AddClamped(total.cancelled_minor, left - net);
  total.net_minor = AddClamped(total.net_minor, net);
}

absl::Status SalesCounter::Add(const SoldOrder& order) {
  if (customer_no_ == 0 || customer_id_ != order.customer_id) {
    customer_id_.assign(order.customer_id.data(), order.customer_id.size());
    ++customer_no_;
  }
  const absl::CivilDay day = DayOf(order.occur_time, counting_.zone);
  const RowKey key{DayNumber(PeriodStart(counting_.period, day)), NumberOf(order.dimension_value)};
  rows_[key].Add(order, customer_no_);
  if (rows_.size() > counting_.rows_max) {
    return ReportTooLarge(static_cast<int64_t>(counting_.rows_max));
  }
  total_.Add(order, customer_no_);
  return absl::OkStatus();
}

std::vector<SalesRow> SalesCounter::Rows() const {
  std::vector<SalesRow> rows;
  rows.reserve(rows_.size());
  for (const auto& [key, sum] : rows_) {
    rows.push_back({DayFromNumber(key.first), values_[key.second], sum.total});
  }
  std::sort(rows.begin(), rows.end(), [](const SalesRow& a, const SalesRow& b) {
    return std::tie(a.start, a.dimension_value) < std::tie(b.start, b.dimension_value);
  });
  return rows;
}

size_t SalesCounter::NumberOf(absl::string_view dimension_value) {
  const auto found = value_numbers_.find(dimension_value);
  if (found != value_numbers_.end()) {
    return found->second;
  }
  value_numbers_.emplace(std::string(dimension_value), values_.size());
  values_.emplace_back(dimension_value);
  return values_.size() - 1;
}

}  // namespace clientele::segmentation
