#ifndef SERVICES_SEGMENTATION_JOBS_POPULATION_LOADER_H_
#define SERVICES_SEGMENTATION_JOBS_POPULATION_LOADER_H_

// The loading phase of a run: from the order log to columns in memory.

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"
#include "services/segmentation/domain/order_counting.h"
#include "services/segmentation/jobs/customer_index.h"
#include "services/segmentation/jobs/run_watch.h"
#include "services/segmentation/limits.h"

namespace clientele::segmentation {

// What a run reads. `spec` names its currency.
struct RunInput {
  RfmModelSpec spec;
  absl::CivilDay as_of;
  feed::Positions positions{};  // nothing after these
};

// A customer whose orders all lie before the model's window.
struct CustomerOutOfWindow {
  uint32_t customer = 0;
  int32_t recency_days = 0;
};

struct LoadedPopulation {
  CustomerIndex customers;                         // every customer of the service, by id
  std::vector<uint32_t> scored;                    // ascending, parallel to population.columns
  std::vector<CustomerOutOfWindow> out_of_window;  // ascending
  Population population;
};

// How the reading is cut into pieces; what is read does not depend on it.
struct LoadOptions {
  int threads = 1;                    // 1..64
  int64_t page_rows = kScanPageRows;  // of customers and of orders
};

// Reads customers and orders in short pages, the orders on several threads that each take a range
// of customers. Cancellable between pages. Errors: RunWatch::Check's, the database's, and
// INTERNAL when an order's customer is unknown.
absl::StatusOr<LoadedPopulation> LoadPopulation(sql::Database& database, const RunInput& input,
                                                const LoadOptions& options, RunWatch& watch);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_POPULATION_LOADER_H_
