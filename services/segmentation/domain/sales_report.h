#ifndef SERVICES_SEGMENTATION_DOMAIN_SALES_REPORT_H_
#define SERVICES_SEGMENTATION_DOMAIN_SALES_REPORT_H_

// Sums orders by civil period and by one more property of an order.
//
// SalesCounter is a value without locks: it belongs to one thread. Nothing depends on the order of
// orders but that those of one customer come together.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace clientele::segmentation {

enum class SalesPeriod { kYear, kMonth, kDay };

// The first day of the period that `day` lies in, and that of the period after it.
absl::CivilDay PeriodStart(SalesPeriod period, absl::CivilDay day);
absl::CivilDay PeriodEnd(SalesPeriod period, absl::CivilDay start);

// One order as of a report. The views belong to the caller.
struct SoldOrder {
  absl::string_view customer_id;
  absl::Time occur_time;
  int64_t gross_minor = 0;     // as recorded, >= 0
  int64_t refunded_minor = 0;  // of these, 0..gross_minor
  bool cancelled = false;      // then nothing is left
  absl::string_view dimension_value;
};

// gross = refunded + cancelled + net; sums stop at the int64 limits.
struct SalesTotal {
  int64_t orders = 0;      // all of them
  int64_t net_orders = 0;  // those with something left
  int64_t buyers = 0;
  int64_t gross_minor = 0;
  int64_t refunded_minor = 0;
  int64_t cancelled_minor = 0;  // what cancellations took back beyond the refunds
  int64_t net_minor = 0;
};

struct SalesRow {
  absl::CivilDay start;
  std::string dimension_value;
  SalesTotal total;
};

// How to count.
struct SalesCounting {
  SalesPeriod period = SalesPeriod::kMonth;
  absl::TimeZone zone;
  size_t rows_max = 0;
};

// Sums orders into at most `rows_max` rows.
class SalesCounter {
 public:
  explicit SalesCounter(const SalesCounting& counting) : counting_(counting) {}

  // All orders of one customer before those of the next. FAILED_PRECONDITION REPORT_TOO_LARGE.
  absl::Status Add(const SoldOrder& order);

  // By start, then by dimension_value.
  std::vector<SalesRow> Rows() const;

  // Over all rows; a buyer of several rows counts once.
  const SalesTotal& total() const { return total_.total; }

 private:
  // A total that knows whether it has counted the customer under way.
  struct Sum {
    SalesTotal total;
    int64_t last_customer_no = 0;

    void Add(const SoldOrder& order, int64_t customer_no);
  };
  // The day number of the start, the number of the dimension value.
  using RowKey = std::pair<int64_t, size_t>;

  size_t NumberOf(absl::string_view dimension_value);

  const SalesCounting counting_;
  std::string customer_id_;
  int64_t customer_no_ = 0;
  absl::flat_hash_map<std::string, size_t> value_numbers_;
  std::vector<std::string> values_;
  absl::flat_hash_map<RowKey, Sum> rows_;
  Sum total_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_SALES_REPORT_H_
