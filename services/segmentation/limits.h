#ifndef SERVICES_SEGMENTATION_LIMITS_H_
#define SERVICES_SEGMENTATION_LIMITS_H_

// Every limit of the service that is not a rule of its domain, with its reason.

#include <cstddef>
#include <cstdint>

#include "common/pagination/page_size.h"

namespace clientele::segmentation {

// Contract limits: what a caller gets for page_size 0 and at most.
inline constexpr PageSizeLimits kModelPageSize{100, 1000};
inline constexpr PageSizeLimits kRunPageSize{50, 500};
inline constexpr PageSizeLimits kScorePageSize{100, 1000};

// Ids of one BatchGetScores: a few milliseconds of look-ups, some 200 KB of answer.
inline constexpr int kBatchScoresMax = 1000;

// Largest min_orders of CountBuyers; nobody orders a million times.
inline constexpr int64_t kMinOrdersMax = 1'000'000;

// Runs that may wait. Each takes seconds; more than this is a caller in a loop.
inline constexpr int64_t kWaitingRunsMax = 100;

// Orders and customers of one page of a scan: some 30 ms of reading, so that no snapshot is held
// long, and about 4 MB of buffers.
inline constexpr int64_t kScanPageRows = 50'000;

// Scores written in one transaction: some 50 ms, so that other writers wait no longer.
inline constexpr int64_t kWriteChunkRows = 20'000;

// Customers with the highest value that a run names.
inline constexpr int kTopCustomers = 10;

// Movements that a comparison of runs names as the largest.
inline constexpr size_t kLargestMovements = 10;

// Rows of one sales report: 27 years of days, some 1 MB of answer.
inline constexpr size_t kSalesRowsMax = 10'000;

// How often a run is begun at most: again from its beginning when the database goes away under it
// or the process ends. Kept in the run's row.
inline constexpr int kRunAttemptsMax = 3;

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_LIMITS_H_
