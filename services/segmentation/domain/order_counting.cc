#include "services/segmentation/domain/order_counting.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "common/status/macros.h"
#include "common/time/civil.h"

namespace clientele::segmentation {
namespace {

absl::Time WindowStart(const RfmModelSpec& spec, absl::CivilDay as_of) {
  return spec.window_days.has_value() ? StartOfDay(as_of - *spec.window_days, spec.zone)
                                      : absl::InfinitePast();
}

}  // namespace

double MonetaryValue(MonetaryBasis basis, const RfmRow& row) {
  const double revenue_minor = static_cast<double>(row.revenue_minor);
  return basis == MonetaryBasis::kAverage ? revenue_minor / row.frequency : revenue_minor;
}

int64_t MonetaryMinor(MonetaryBasis basis, const RfmRow& row) {
  if (basis != MonetaryBasis::kAverage) {
    return row.revenue_minor;
  }
  const int64_t quotient = row.revenue_minor / row.frequency;
  const int64_t rest = row.revenue_minor % row.frequency;
  return 2 * std::abs(rest) >= row.frequency ? quotient + (rest > 0 ? 1 : -1) : quotient;
}

int64_t AddClamped(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) {
    return b > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
  }
  return sum;
}

absl::string_view ExclusionName(Exclusion exclusion) {
  switch (exclusion) {
    case Exclusion::kNone:
      return "COUNTED";
    case Exclusion::kNoPurchase:
      return "NO_PURCHASE";
    case Exclusion::kWrongSource:
      return "WRONG_SOURCE";
    case Exclusion::kWrongCurrency:
      return "WRONG_CURRENCY";
    case Exclusion::kAfterAsOf:
      return "AFTER_AS_OF";
    case Exclusion::kNoNetValue:
      return "NO_NET_VALUE";
    case Exclusion::kOutOfWindow:
      return "OUT_OF_WINDOW";
    case Exclusion::kDeleted:
      return "DELETED";
  }
  return "UNKNOWN";
}

OrderCounter::OrderCounter(const RfmModelSpec& spec, absl::CivilDay as_of)
    : monetary_(spec.monetary),
      merge_same_day_(spec.merge_same_day),
      zone_(spec.zone),
      currency_code_(spec.currency_code),
      source_system_(spec.source_system),
      as_of_(as_of),
      end_(StartOfDay(as_of, spec.zone)),
      start_(WindowStart(spec, as_of)) {
  CLIENTELE_CHECK(!currency_code_.empty());
}

Exclusion OrderCounter::Judge(const LoggedOrder& order) const {
  if (source_system_.has_value() && order.source_system != *source_system_) {
    return Exclusion::kWrongSource;
  }
  if (order.currency_code != currency_code_) {
    return Exclusion::kWrongCurrency;
  }
  if (order.occur_time >= end_) {
    return Exclusion::kAfterAsOf;
  }
  if (monetary_ == MonetaryBasis::kNet && order.net_minor <= 0) {
    return Exclusion::kNoNetValue;
  }
  return order.occur_time < start_ ? Exclusion::kOutOfWindow : Exclusion::kNone;
}

CountedCustomer OrderCounter::Count(absl::Span<const LoggedOrder> orders) const {
  CountedCustomer counted;
  absl::Time last = absl::InfinitePast();
  absl::Time last_before_window = absl::InfinitePast();
  for (const LoggedOrder& order : orders) {
    const Exclusion verdict = Judge(order);
    counted.ordered_before_as_of |= order.occur_time < end_;
    if (verdict == Exclusion::kNone || verdict == Exclusion::kOutOfWindow) {
      counted.first_order_time = std::min(counted.first_order_time, order.occur_time);
    }
    if (verdict == Exclusion::kOutOfWindow) {
      last_before_window = std::max(last_before_window, order.occur_time);
    }
    if (verdict != Exclusion::kNone) {
      counted.exclusion = std::max(counted.exclusion, verdict);
      continue;
    }
    ++counted.row.frequency;
    counted.row.revenue_minor =
        AddClamped(counted.row.revenue_minor,
                   monetary_ == MonetaryBasis::kNet ? order.net_minor : order.gross_minor);
    last = std::max(last, order.occur_time);
  }
  if (counted.row.frequency == 0) {
    if (counted.exclusion == Exclusion::kOutOfWindow) {
      counted.row.recency_days = DaysBeforeAsOf(last_before_window);
    }
    return counted;
  }
  counted.exclusion = Exclusion::kNone;
  counted.row.recency_days = DaysBeforeAsOf(last);
  if (merge_same_day_) {
    counted.row.frequency = CountDays(orders);
  }
  return counted;
}

int32_t OrderCounter::CountDays(absl::Span<const LoggedOrder> orders) const {
  std::vector<absl::CivilDay> days;
  for (const LoggedOrder& order : orders) {
    if (Judge(order) == Exclusion::kNone) {
      days.push_back(DayOf(order.occur_time, zone_));
    }
  }
  std::sort(days.begin(), days.end());
  return static_cast<int32_t>(std::unique(days.begin(), days.end()) - days.begin());
}

int32_t OrderCounter::DaysBeforeAsOf(absl::Time time) const {
  return static_cast<int32_t>(as_of_ - DayOf(time, zone_));
}

void RfmColumns::Reserve(size_t customers) {
  recency_days.reserve(customers);
  frequency.reserve(customers);
  revenue_minor.reserve(customers);
}

void RfmColumns::Append(const RfmRow& row) {
  recency_days.push_back(row.recency_days);
  frequency.push_back(row.frequency);
  revenue_minor.push_back(row.revenue_minor);
}

RfmRow RfmColumns::At(size_t index) const {
  return RfmRow{recency_days[index], frequency[index], revenue_minor[index]};
}

bool Population::Add(const CountedCustomer& customer) {
  ++exclusion_counts[static_cast<size_t>(customer.exclusion)];
  first_order_time = std::min(first_order_time, customer.first_order_time);
  if (customer.exclusion != Exclusion::kNone) {
    return false;
  }
  columns.Append(customer.row);
  return true;
}

void Population::Append(const Population& other) {
  const auto append = [](auto& rows, const auto& more) {
    rows.insert(rows.end(), more.begin(), more.end());
  };
  append(columns.recency_days, other.columns.recency_days);
  append(columns.frequency, other.columns.frequency);
  append(columns.revenue_minor, other.columns.revenue_minor);
  for (size_t i = 0; i < kExclusionCount; ++i) {
    exclusion_counts[i] += other.exclusion_counts[i];
  }
  first_order_time = std::min(first_order_time, other.first_order_time);
}

}  // namespace clientele::segmentation
