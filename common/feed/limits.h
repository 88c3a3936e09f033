#ifndef COMMON_FEED_LIMITS_H_
#define COMMON_FEED_LIMITS_H_

// Every limit of the feed, with its reason.

#include <cstddef>

#include "absl/time/time.h"

namespace clientele::feed {

// Rows one sequencer transaction moves: long enough to share one commit, short enough (some ten
// milliseconds) not to hold up writers where the database has only one.
inline constexpr int kSequencerBatchMax = 1000;

// Events and bytes of one message: what a consumer applies in one transaction, and well below
// gRPC's default message limit of 4 MiB even after one event of a MiB is added to it.
inline constexpr int kReadEventsMax = 500;
inline constexpr size_t kReadBytesMax = 1 << 20;

// Rows one read passes over when it looks for certain types only: bounds how long a read lasts.
inline constexpr int kReadRowsMax = 4000;

// Types a watcher may ask for.
inline constexpr int kWatchTypesMax = 50;

// Names that may register with a feed: each row is read whenever the feed is trimmed.
inline constexpr int kFeedConsumersMax = 100;
inline constexpr size_t kConsumerNameLengthMax = 63;

// Rows one transaction of the trimmer deletes, and how many of these follow one another: a server
// that stops waits for them, and writers come in between.
inline constexpr int kTrimBatchMax = 1000;
inline constexpr int kTrimTransactionsMax = 100;

// The longest resume token: 16 positions of at most 10 bytes, version and checksum, in base64.
inline constexpr size_t kResumeTokenLengthMax = 256;

// How much an exporter may need to say where it goes on, and the longest page token of an export: a
// resume token, the cursor in base64, a checksum of 16 characters and what separates them.
inline constexpr size_t kExportCursorBytesMax = 1024;
inline constexpr size_t kExportTokenLengthMax =
    kResumeTokenLengthMax + (kExportCursorBytesMax + 2) / 3 * 4 + 18;

// How often a silent stream says it is alive.
inline constexpr absl::Duration kHeartbeatMin = absl::Milliseconds(100);
inline constexpr absl::Duration kHeartbeatMax = absl::Seconds(60);
inline constexpr absl::Duration kHeartbeatDefault = absl::Seconds(10);

// How long one read for a watcher waits for a connection.
inline constexpr absl::Duration kReadWaitMax = absl::Seconds(5);

}  // namespace clientele::feed

#endif  // COMMON_FEED_LIMITS_H_
