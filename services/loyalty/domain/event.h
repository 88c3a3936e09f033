#ifndef SERVICES_LOYALTY_DOMAIN_EVENT_H_
#define SERVICES_LOYALTY_DOMAIN_EVENT_H_

// What loyalty tells the world. No personal values: ids, points, tiers.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "services/loyalty/domain/ids.h"
#include "services/loyalty/domain/ledger.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// An entry was posted. Which fields beyond the first five are told depends on the kind.
struct PointsPosted {
  EntryKind kind;
  std::string transaction_id;
  int64_t signed_points;  // what the balance changed by
  int64_t balance_after;
  std::string reason;
  PurchaseId purchase_id;
  std::string lot_id;                     // EXPIRE: the lot that ended
  std::optional<absl::Time> expire_time;  // EARN: when the points will expire
  std::string original_transaction_id;    // REVERSE: what was undone as a whole
};

// The numbers are those of the proto enum.
enum class TierChangeReason { kUpgraded = 1, kRenewed = 2, kDowngraded = 3, kEnrolled = 4 };

// The tier is another one than the feed was told last, or the first that it is told.
struct TierChanged {
  std::string previous_tier;  // empty = the first
  std::string tier;
  TierRank rank;
  TierChangeReason reason;
  std::optional<absl::Time> valid_until;
};

using EventBody = std::variant<PointsPosted, TierChanged>;

struct Event {
  std::string id;  // "" = not named yet
  CustomerId customer_id;
  int64_t feed_seq;  // its number among the member's events, dense from 1
  absl::Time occur_time;
  absl::Time record_time;
  EventBody body;
};

// Numbers an event, which has no id yet: the member's feed_seq grows by one.
Event NumberEvent(Member& member, absl::Time occur_time, absl::Time record_time, EventBody body);

// The id of an event that time made: the same whenever it is made anew from the feed.
std::string DueEventId(const Event& event);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_EVENT_H_
