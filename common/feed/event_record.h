#ifndef COMMON_FEED_EVENT_RECORD_H_
#define COMMON_FEED_EVENT_RECORD_H_

// An event as the feed stores it, and how a write appends it.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"

namespace clientele::feed {

// An event on its way into the outbox. (customer_id, feed_seq) is its key: feed_seq is the number
// its customer's root row gave it under lock, dense from 1.
struct OutboxEvent {
  std::string event_id;  // UUID text
  std::string type;      // "clientele.profile.purchase.recorded.v1"
  std::string subject;   // "purchase/<id>"
  std::string customer_id;
  int64_t feed_seq = 0;
  absl::Time occur_time;
  absl::Time record_time;
  std::string data_type;    // full name of the protobuf message in `data`
  std::string data;         // serialized message
  std::string traceparent;  // of the call it came from; empty = none
};

// An event with its place in the feed.
struct FeedEvent {
  int partition = 0;     // PartitionOf(event.customer_id)
  int64_t position = 0;  // dense from 1 in the partition
  OutboxEvent event;
};

// Appends events to the outbox in the transaction that made them true; poke the sequencer after the
// commit. The subject must be "<kind>/<id>" (CHECK). Two events with one (customer_id, feed_seq)
// are a defect of the caller: INTERNAL.
absl::Status AppendToOutbox(sql::Tx& tx, absl::Span<const OutboxEvent> events);

// Reads an event from the first eleven columns of a row, in the order given in sql.h.
OutboxEvent OutboxEventFromRow(const sql::Row& row);

// The eleven columns of an event as parameters, appended to `params`; views into `event`.
void AppendEventParams(const OutboxEvent& event, std::vector<sql::Param>& params);

}  // namespace clientele::feed

#endif  // COMMON_FEED_EVENT_RECORD_H_
