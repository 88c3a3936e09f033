#ifndef COMMON_FEED_FEED_READER_H_
#define COMMON_FEED_FEED_READER_H_

// Reads the feed in bounded pieces and refuses to step over a hole.
//
// Thread safety: pure functions over a transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/feed/event_record.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"

namespace clientele::feed {

// What to read.
struct FeedRead {
  Positions after{};
  PartitionSet partitions = AllPartitions();
  std::vector<std::string> types;  // only these; empty = all
  std::optional<Positions> until;  // no event past these; unset = up to the heads
  int first_partition = 0;         // where the round begins: vary it, or the last ones starve
};

// What was read.
struct FeedPage {
  std::vector<FeedEvent> events;  // ordered within each partition; at most kReadEventsMax
  Positions next{};               // where to go on: past the events and past what was filtered out
  Positions heads{};              // of all partitions, as this read saw them
  bool caught_up = false;         // `next` is at the heads (or `until`) of the partitions read
};

// The last position of every partition.
absl::StatusOr<Positions> ReadHeads(sql::Tx& tx);

// What every partition keeps: the positions oldest..head, none when head is 0.
struct FeedBounds {
  Positions oldest{};
  Positions heads{};
};

absl::StatusOr<FeedBounds> ReadFeedBounds(sql::Tx& tx);

// Whether everything after `after` is still kept, of `partitions`: OUT_OF_RANGE
// RESUME_TOKEN_EXPIRED about all those of which it is not.
absl::Status CheckIsKept(const FeedBounds& bounds, const Positions& after,
                         const PartitionSet& partitions);

// Reads on after `read.after`: at most kReadEventsMax events or about kReadBytesMax bytes, of at
// most kReadRowsMax rows, so a page may be empty without being caught up. Call it on one snapshot
// (RunReadOnly). OUT_OF_RANGE RESUME_TOKEN_EXPIRED when the position after `read.after` of a
// partition asked for is no longer kept; DATA_LOSS FEED_HOLE when one that should be there is
// missing; positions ahead of the head read nothing.
absl::StatusOr<FeedPage> ReadFeed(sql::Tx& tx, const FeedRead& read);

// Events that are committed but not yet in the feed.
struct OutboxBacklog {
  int64_t count = 0;
  std::optional<absl::Time> oldest_record_time;
  absl::Duration oldest_age = absl::ZeroDuration();  // by record time; 0 when there are none
};

// Measures the outbox; reads all of it, so call it at the pace of a metrics scrape.
absl::StatusOr<OutboxBacklog> ReadOutboxBacklog(sql::Tx& tx, absl::Time now);

}  // namespace clientele::feed

#endif  // COMMON_FEED_FEED_READER_H_
