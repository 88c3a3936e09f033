#ifndef SERVICES_SEGMENTATION_TESTING_REAL_DATA_H_
#define SERVICES_SEGMENTATION_TESTING_REAL_DATA_H_

// For tests only: the real data sets as orders per customer, counted by the rules of the import.
//
// Looked for in $CLIENTELE_TEST_DATA, else as shared/data beside the checkout or above it. A test
// that finds nothing skips with the message of `Missing`.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele::segmentation {

struct TestOrder {
  absl::Time occur_time;
  int64_t gross_minor = 0;
};

// Orders by customer, as spelled in the file.
using OrdersByCustomer = std::map<std::string, std::vector<TestOrder>>;

// The folder of the data sets, or nullopt when this machine has none.
std::optional<std::string> RealDataFolder();

// Clean purchases of Online Retail (quantity > 0, price > 0, customer set), one order per invoice
// at its earliest line; lines are rounded half away from zero to pence.
OrdersByCustomer ReadOnlineRetail(const std::string& folder);

// One order per row.
OrdersByCustomer ReadRfmOrders(const std::string& folder);

// One order per row; not every customer of the cohort came back.
OrdersByCustomer ReadCdnow(const std::string& folder);

// Rows of a CSV file (.gz or plain) without its header, split at commas outside quotes.
std::vector<std::vector<std::string>> ReadCsv(const std::string& path);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_TESTING_REAL_DATA_H_
