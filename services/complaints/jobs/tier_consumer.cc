#include "services/complaints/jobs/tier_consumer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clientele/loyalty/v1/events.pb.h"
#include "common/status/macros.h"
#include "services/complaints/jobs/customer_learning.h"
#include "services/complaints/store/complaint_store.h"

namespace clientele::complaints {
namespace {

constexpr absl::string_view kTierChangedType = "clientele.loyalty.tier.changed.v1";

// One event: of a customer only the last tier counts.
struct ToldTier {
  int64_t feed_seq = 0;
  Tier tier = Tier::kUnknown;
};

// Answers whether there are events of it. What the customer's tier is known to be later than is
// skipped: an export may have told of what came after it.
absl::StatusOr<bool> ApplyTo(const ApiContext& api, sql::Tx& tx, const CustomerId& id,
                             const std::vector<ToldTier>& told) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<CustomerRecord> known, FindCustomer(tx, id));
  CustomerRecord customer = known.value_or(CustomerRecord{.id = id});
  const int64_t revision_before = customer.tier_revision;
  for (const ToldTier& next : told) {
    if (next.feed_seq > customer.tier_feed_seq) {
      customer.tier_feed_seq = next.feed_seq;
      customer.tier = next.tier;
      ++customer.tier_revision;
    }
  }
  if (customer.tier_revision == revision_before) {
    return false;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Event> events,
                             Learn(api, tx, customer, !known.has_value(), {.tier = customer.tier}));
  return !events.empty();
}

}  // namespace

absl::Status TierConsumer::Apply(sql::Tx& tx, absl::Span<const common::v1::Event> events) {
  // Sorted, as root rows are locked in the order of their keys.
  std::map<std::string, std::vector<ToldTier>> told;
  for (const common::v1::Event& event : events) {
    if (event.type() != kTierChangedType) {
      continue;
    }
    loyalty::v1::TierChanged changed;
    if (!event.data().UnpackTo(&changed)) {
      return absl::InternalError(absl::StrCat("event ", event.id(), " of type ", event.type(),
                                              ": has data of another type"));
    }
    told[event.customer_id()].push_back(
        {.feed_seq = event.feed_seq(), .tier = TierOf(changed.tier(), changed.rank())});
  }
  std::vector<std::string> ids;
  ids.reserve(told.size());
  for (const auto& customer : told) {
    ids.push_back(customer.first);
  }
  CLIENTELE_RETURN_IF_ERROR(tx.LockRows("complaint_customer", "customer_id", ids));
  bool has_events = false;
  for (const auto& customer : told) {
    CLIENTELE_ASSIGN_OR_RETURN(const bool told_on,
                               ApplyTo(api_, tx, CustomerId(customer.first), customer.second));
    has_events |= told_on;
  }
  if (has_events) {
    // The sequencer waits for this transaction to end; should it come too early, it polls.
    api_.poke_outbox();
  }
  return absl::OkStatus();
}

}  // namespace clientele::complaints
