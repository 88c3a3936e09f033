#include "services/profile/domain/event.h"

#include <utility>

namespace clientele::profile {

Event NumberEvent(CustomerRoot& customer, absl::Time occur_time, EventBody body) {
  ++customer.feed_seq;
  return Event{.customer_id = customer.id,
               .feed_seq = customer.feed_seq,
               .occur_time = occur_time,
               .body = std::move(body)};
}

}  // namespace clientele::profile
