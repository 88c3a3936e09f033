#ifndef SERVICES_COMPLAINTS_JOBS_TIER_CONSUMER_H_
#define SERVICES_COMPLAINTS_JOBS_TIER_CONSUMER_H_

// Follows loyalty's tiers: remembers each customer's and re-prioritises open complaints.

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "clientele/common/v1/event.pb.h"
#include "common/feed/event_applier.h"
#include "common/sql/database.h"
#include "services/complaints/api/handlers/api_context.h"

namespace clientele::complaints {

// The service whose feed it follows; positions are stored under it.
inline constexpr char kLoyaltyFeed[] = "loyalty";

// Thread-safe. `api` outlives it.
class TierConsumer final : public feed::EventHandler {
 public:
  explicit TierConsumer(const ApiContext& api) : api_(api) {}

  // Takes tier.changed and skips every other type and what an export has overtaken. INTERNAL, which
  // stops the consumer, when an event cannot be read: the priorities would be wrong for ever.
  absl::Status Apply(sql::Tx& tx, absl::Span<const common::v1::Event> events) override;

 private:
  const ApiContext& api_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_JOBS_TIER_CONSUMER_H_
