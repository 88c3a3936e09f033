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

// What a batch says of one customer: only the last tier counts.
struct ToldTier {
  Tier tier = Tier::kUnknown;
  int64_t count = 0;
};

// Answers whether there are events of it.
absl::StatusOr<bool> ApplyTo(const ApiContext& api, sql::Tx& tx, const CustomerId& id,
                             const ToldTier& told) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<CustomerRecord> known, FindCustomer(tx, id));
  CustomerRecord customer = known.value_or(CustomerRecord{.id = id});
  customer.tier = told.tier;
  customer.tier_revision += told.count;
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Event> events,
                             Learn(api, tx, customer, !known.has_value(), {.tier = told.tier}));
  return !events.empty();
}

}  // namespace

absl::Status TierConsumer::Apply(sql::Tx& tx, absl::Span<const common::v1::Event> events) {
  // Sorted, as root rows are locked in the order of their keys.
  std::map<std::string, ToldTier> told;
  for (const common::v1::Event& event : events) {
    if (event.type() != kTierChangedType) {
      continue;
    }
    loyalty::v1::TierChanged changed;
    if (!event.data().UnpackTo(&changed)) {
      return absl::InternalError(absl::StrCat("event ", event.id(), " of type ", event.type(),
                                              ": has data of another type"));
    }
    ToldTier& customer = told[event.customer_id()];
    customer.tier = TierOf(changed.tier(), changed.rank());
    ++customer.count;
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
