#include "cli/import/dated_orders.h"

#include "absl/strings/str_cat.h"
#include "cli/import/customer_table.h"

namespace clientele::cli {

std::optional<Rejection> DatedOrders::NextNumber(absl::string_view customer_key,
                                                 absl::Time occur_time, std::string* order_number) {
  if (customer_key.empty()) {
    return Rejection{RejectReason::kMissingCustomer, "the customer is empty"};
  }
  const CustomerTable::Lookup customer = collector_.customers().Find(customer_key);
  if (customer.rejection.has_value()) return customer.rejection;
  const std::string& customer_id = customer.index.has_value()
                                       ? collector_.customers().all()[*customer.index].customer_id
                                       : *customer.new_id;
  const std::string prefix = absl::StrCat(
      customer_id, "-", absl::FormatTime("%Y-%m-%d", occur_time, absl::UTCTimeZone()), "-");
  *order_number = absl::StrCat(prefix, ++rows_by_prefix_[prefix]);
  return std::nullopt;
}

}  // namespace clientele::cli
