#include "common/handler/event_traces.h"

namespace clientele {

void SetTrace(absl::string_view traceparent, std::vector<feed::OutboxEvent>& events) {
  for (feed::OutboxEvent& event : events) {
    event.traceparent = std::string(traceparent);
  }
}

void EventTraces::Add(absl::string_view customer_id, absl::string_view traceparent) {
  const auto [trace, is_first] = by_customer_.try_emplace(std::string(customer_id), traceparent);
  if (!is_first && trace->second != traceparent) {
    trace->second.clear();
  }
}

void EventTraces::PutInto(std::vector<feed::OutboxEvent>& events) const {
  for (feed::OutboxEvent& event : events) {
    const auto found = by_customer_.find(event.customer_id);
    if (found != by_customer_.end()) {
      event.traceparent = found->second;
    }
  }
}

}  // namespace clientele
