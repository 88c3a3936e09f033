#ifndef SERVICES_LOYALTY_JOBS_PURCHASE_CONSUMER_H_
#define SERVICES_LOYALTY_JOBS_PURCHASE_CONSUMER_H_

// Turns what profile's feed says about purchases into members, points and tiers.

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "clientele/common/v1/event.pb.h"
#include "common/feed/event_applier.h"
#include "common/sql/database.h"
#include "services/loyalty/api/handlers/api_context.h"

namespace clientele::loyalty {

// The service whose feed loyalty follows; positions are stored under it.
inline constexpr char kProfileFeed[] = "profile";

// A currency in which purchases earn nothing, for it is not the program's.
struct OtherCurrency {
  std::string currency_code;
  std::string program_currency_code;
};

// Used by one thread at a time.
class PurchaseConsumer final : public feed::EventHandler {
 public:
  // `api` outlives it. `on_other_currency` is told once of each that committed purchases had;
  // quick, and from the thread that applies.
  explicit PurchaseConsumer(
      const ApiContext& api,
      std::function<void(const OtherCurrency&)> on_other_currency = [](const auto&) {});

  // Takes purchase.recorded, .refunded and .cancelled, each as of its record time, before which it
  // posts and tells what was due by then (domain/due.h); skips every other type. The first purchase
  // of a customer enrols; the first of all publishes the program. Reads and writes each table in a
  // few statements for the whole batch. The same events again change nothing, and the same feed
  // from its beginning gives the same entries with the same ids. INTERNAL or NOT_FOUND, which stop
  // the consumer, when an event cannot be read or names a purchase that the feed has not told of.
  absl::Status Apply(sql::Tx& tx, absl::Span<const common::v1::Event> events) override;

  // The cache serves no older tiers of the members that the last Apply changed; tells
  // `on_other_currency`.
  void OnCommitted() override;

 private:
  struct ChangedMember {
    std::string customer_id;
    int64_t version;
  };

  const ApiContext& api_;
  const std::function<void(const OtherCurrency&)> on_other_currency_;
  std::vector<ChangedMember> changed_;  // by the last Apply
  // Other currencies of the last Apply, and of all that were told; ISO 4217 bounds them.
  std::set<std::string> found_currencies_;
  std::set<std::string> told_currencies_;
  std::string program_currency_code_;  // at the last Apply
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_JOBS_PURCHASE_CONSUMER_H_
