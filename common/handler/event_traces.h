#ifndef COMMON_HANDLER_EVENT_TRACES_H_
#define COMMON_HANDLER_EVENT_TRACES_H_

// Which trace (common/rpc/traceparent.h) the events of a transaction belong to that writes for
// one call or for several.

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "common/feed/event_record.h"

namespace clientele {

// All of them are of one call, with this traceparent ("" = none).
void SetTrace(absl::string_view traceparent, std::vector<feed::OutboxEvent>& events);

// A value; used by one thread.
class EventTraces {
 public:
  // A call with this traceparent, "" = none, writes about the customer.
  void Add(absl::string_view customer_id, absl::string_view traceparent);

  // Puts the trace into the events about customers whom calls of one trace only write about: an
  // event may be any of these calls'.
  void PutInto(std::vector<feed::OutboxEvent>& events) const;

 private:
  absl::btree_map<std::string, std::string> by_customer_;  // "" = none, or several
};

}  // namespace clientele

#endif  // COMMON_HANDLER_EVENT_TRACES_H_
