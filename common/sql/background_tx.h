#ifndef COMMON_SQL_BACKGROUND_TX_H_
#define COMMON_SQL_BACKGROUND_TX_H_

// How transactions run that no caller waits for: sequencers, consumers, jobs.

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/sql/database.h"

namespace clientele::sql {

// How long background work waits for a connection or the write lock before it gives up and tries
// again later: longer than any transaction of ours, short enough for a stop to be noticed.
inline constexpr absl::Duration kBackgroundTxWaitMax = absl::Seconds(10);

// The options of a transaction that begins now. Thread-safe.
inline TxOptions BackgroundTx() { return {.deadline = absl::Now() + kBackgroundTxWaitMax}; }

}  // namespace clientele::sql

#endif  // COMMON_SQL_BACKGROUND_TX_H_
