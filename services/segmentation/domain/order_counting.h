#ifndef SERVICES_SEGMENTATION_DOMAIN_ORDER_COUNTING_H_
#define SERVICES_SEGMENTATION_DOMAIN_ORDER_COUNTING_H_

// From the orders of a customer to one row of an RFM run, and from rows to the columns of a run.
//
// Nothing here depends on the order in which orders arrive. OrderCounter is immutable after
// construction (any number of threads may share one); Population is a value without locks.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/segmentation/domain/rfm_model.h"

namespace clientele::segmentation {

// One order as the order log knows it. The views belong to the caller.
struct LoggedOrder {
  absl::Time occur_time;
  int64_t gross_minor = 0;  // as recorded, >= 0
  int64_t net_minor = 0;    // gross less refunds; 0 once cancelled
  absl::string_view currency_code;
  absl::string_view source_system;
};

// What an RFM run knows of one customer. revenue_minor is the sum that the model's monetary basis
// takes: gross for GROSS and AVERAGE, net for NET. It stops at the int64 limits, it never wraps.
struct RfmRow {
  int32_t recency_days = 0;  // civil days from the last counted order to as_of, >= 1
  int32_t frequency = 0;     // counted orders, >= 1
  int64_t revenue_minor = 0;
};

// The value on which M is scored: the revenue, or revenue / frequency for AVERAGE. The division is
// IEEE's nearest double, so equal averages stay equal whatever their numerators.
double MonetaryValue(MonetaryBasis basis, const RfmRow& row);

// MonetaryValue as an amount, for display: an average is rounded half away from zero.
int64_t MonetaryMinor(MonetaryBasis basis, const RfmRow& row);

// a + b, stopped at the int64 limits.
int64_t AddClamped(int64_t a, int64_t b);

// Why a customer has no row. Of a customer's orders the one that came furthest down this list
// gives the reason, so it does not depend on their order.
enum class Exclusion : uint8_t {
  kNone,        // has a row
  kNoPurchase,  // no order at all
  kWrongSource,
  kWrongCurrency,
  kAfterAsOf,
  kNoNetValue,   // NET only: everything refunded, cancelled or free
  kOutOfWindow,  // would count, but all lie before the window
  kDeleted,      // the customer was deleted before as_of, whatever was bought
};
inline constexpr size_t kExclusionCount = 8;

// "NO_PURCHASE" ...; "COUNTED" for kNone.
absl::string_view ExclusionName(Exclusion exclusion);

struct CountedCustomer {
  Exclusion exclusion = Exclusion::kNoPurchase;
  RfmRow row;  // with Exclusion::kNone; of kOutOfWindow only recency_days, else zeros
  // Of all orders that count or lie before the window; InfiniteFuture when there are none.
  absl::Time first_order_time = absl::InfiniteFuture();
  // Whether any order, counted or not, occurred before as_of: then the customer was known by then.
  bool ordered_before_as_of = false;
};

// Applies one model at one as_of.
class OrderCounter {
 public:
  // Orders count when they occurred before `as_of` 00:00 in the model's zone and, with a window of
  // n days, not before (as_of - n) 00:00. `spec` must be valid and name its currency (CHECK);
  // it is copied from, not kept.
  OrderCounter(const RfmModelSpec& spec, absl::CivilDay as_of);

  // All orders of one customer, in any order.
  CountedCustomer Count(absl::Span<const LoggedOrder> orders) const;

  // Civil days from `time` to as_of in the model's zone.
  int32_t DaysBeforeAsOf(absl::Time time) const;

  // as_of 00:00 in the model's zone: what occurs from then on does not count.
  absl::Time end() const { return end_; }

 private:
  Exclusion Judge(const LoggedOrder& order) const;
  int32_t CountDays(absl::Span<const LoggedOrder> orders) const;

  const MonetaryBasis monetary_;
  const bool merge_same_day_;
  const absl::TimeZone zone_;
  const std::string currency_code_;
  const std::optional<std::string> source_system_;
  const absl::CivilDay as_of_;
  const absl::Time end_;    // exclusive
  const absl::Time start_;  // inclusive; InfinitePast without a window
};

// The rows of a run as columns; one index = one customer.
struct RfmColumns {
  std::vector<int32_t> recency_days;
  std::vector<int32_t> frequency;
  std::vector<int64_t> revenue_minor;

  size_t size() const { return recency_days.size(); }
  void Reserve(size_t customers);
  void Append(const RfmRow& row);
  RfmRow At(size_t index) const;
};

// Everything a run counted.
struct Population {
  RfmColumns columns;
  std::array<int64_t, kExclusionCount>
      exclusion_counts{};  // by Exclusion; [kNone] = columns.size()
  absl::Time first_order_time = absl::InfiniteFuture();

  // Returns whether the customer got a row, which is then the last one of `columns`.
  bool Add(const CountedCustomer& customer);

  // Adds what another part of the customers came to, after the rows that are there.
  void Append(const Population& other);
  int64_t Excluded(Exclusion exclusion) const {
    return exclusion_counts[static_cast<size_t>(exclusion)];
  }
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_ORDER_COUNTING_H_
