#ifndef BENCH_NOTIFY_POLLING_H_
#define BENCH_NOTIFY_POLLING_H_

// The rival of the feed: a table as a queue, a NOTIFY with every insert, and a consumer that wakes
// by LISTEN, takes one row, and stores its position in the same transaction.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele::bench {

// How long a consumer takes for `row_count` rows that are all there when it begins, which is as
// fast as it gets: nobody writes meanwhile. Makes its tables in `schema`.
absl::Duration ConsumeByPolling(const std::string& dsn, absl::string_view schema,
                                int64_t row_count);

}  // namespace clientele::bench

#endif  // BENCH_NOTIFY_POLLING_H_
