#include "services/loyalty/domain/event.h"

#include <utility>

namespace clientele::loyalty {

Event NumberEvent(Member& member, absl::Time occur_time, absl::Time record_time, EventBody body) {
  ++member.feed_seq;
  return Event{.customer_id = member.id,
               .feed_seq = member.feed_seq,
               .occur_time = occur_time,
               .record_time = record_time,
               .body = std::move(body)};
}

}  // namespace clientele::loyalty
