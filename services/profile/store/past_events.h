#ifndef SERVICES_PROFILE_STORE_PAST_EVENTS_H_
#define SERVICES_PROFILE_STORE_PAST_EVENTS_H_

// What has happened to customers, as far as their rows still tell, in the order of their events.
//
// Left out: changes of facts, and all changes of a customer but for the present state after them.
// Thread safety: as customer_store.h.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/profile/domain/event.h"

namespace clientele::profile {

// The place of an event among all that are told.
struct PastPosition {
  std::string customer_id;
  int64_t feed_seq = 0;  // 0 = not known, which comes before those that are
  int64_t record_us = 0;
  int64_t kind = 0;
  std::string purchase_id;
  std::string refund_number;
};

struct PastEvent {
  Event event;
  absl::Time record_time;
};

struct PastEvents {
  std::vector<PastEvent> events;
  std::optional<PastPosition> next;  // where to read on; unset = nothing is left
};

// At most `count_max` events after `after` ({} = from the first), of kExportCustomersMax customers
// at most. A customer comes with all that was committed when the page was read, page after page,
// and with nothing that came after something left out. INTERNAL when a row holds an unknown
// currency.
absl::StatusOr<PastEvents> ReadPastEvents(sql::Tx& tx, const PastPosition& after, int count_max);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_PAST_EVENTS_H_
