#include "common/handler/event_traces.h"

#include "gtest/gtest.h"

namespace clientele {
namespace {

TEST(EventTraces, ArePutIntoEventsOfCustomersWithOneTraceOnly) {
  EventTraces traces;
  traces.Add("traced", "a");
  traces.Add("traced", "a");
  traces.Add("shared", "a");
  traces.Add("shared", "b");
  traces.Add("shared", "b");
  traces.Add("untraced", "");
  traces.Add("mixed", "a");
  traces.Add("mixed", "");
  std::vector<feed::OutboxEvent> events;
  for (const char* customer_id : {"traced", "shared", "untraced", "mixed", "stranger"}) {
    events.push_back({.customer_id = customer_id});
  }
  traces.PutInto(events);
  EXPECT_EQ(events[0].traceparent, "a");
  for (size_t i = 1; i < events.size(); ++i) {
    EXPECT_EQ(events[i].traceparent, "") << events[i].customer_id;
  }
}

}  // namespace
}  // namespace clientele
