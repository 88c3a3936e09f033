#ifndef COMMON_HANDLER_EVENT_CONTENT_H_
#define COMMON_HANDLER_EVENT_CONTENT_H_

// From what a service says to the row of its outbox. Pure functions.

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/feed/event_record.h"
#include "google/protobuf/message.h"

namespace clientele {

// What differs from one kind of event to the next: the fields of feed::OutboxEvent.
struct EventContent {
  std::string type;
  std::string subject;
  std::string data_type;
  std::string data;
};

// `subject` is "<kind>/<id>"; `message` becomes the data.
EventContent MakeEventContent(absl::string_view type, std::string subject,
                              const google::protobuf::Message& message);

// The id of an event that an export tells again: of its type, its subject and what else tells it
// from others (`name`, may be empty). The same in every export, and no id of a feed.
std::string ExportedEventId(const EventContent& content, absl::string_view name);

// The row of an event of a service's domain: it has customer_id, feed_seq and occur_time.
template <typename Event>
feed::OutboxEvent MakeOutboxEvent(const Event& event, EventContent content, std::string event_id,
                                  absl::Time record_time) {
  feed::OutboxEvent row;
  row.event_id = std::move(event_id);
  row.type = std::move(content.type);
  row.subject = std::move(content.subject);
  row.customer_id = event.customer_id.value();
  row.feed_seq = event.feed_seq;
  row.occur_time = event.occur_time;
  row.record_time = record_time;
  row.data_type = std::move(content.data_type);
  row.data = std::move(content.data);
  return row;
}

}  // namespace clientele

#endif  // COMMON_HANDLER_EVENT_CONTENT_H_
