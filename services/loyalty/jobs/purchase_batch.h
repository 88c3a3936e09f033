#ifndef SERVICES_LOYALTY_JOBS_PURCHASE_BATCH_H_
#define SERVICES_LOYALTY_JOBS_PURCHASE_BATCH_H_

// Events of profile's feed as what loyalty does about them.

#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "clientele/common/v1/event.pb.h"
#include "services/loyalty/domain/ids.h"
#include "services/loyalty/domain/ledger_book.h"
#include "services/loyalty/domain/purchase_history.h"

namespace clientele::loyalty {

struct CancelledPurchase {
  PurchaseId purchase_id;
};

// One event that loyalty acts on.
struct PurchaseItem {
  std::string event_id;
  CustomerId customer_id;
  PostingTime time;  // the event's
  std::variant<RecordedPurchase, RecordedRefund, CancelledPurchase> what;
};

// Gathers events in their order; belongs to one thread.
class PurchaseBatch {
 public:
  // Takes one event; one of a type that loyalty does not need is skipped. INTERNAL when it cannot
  // be read.
  absl::Status Add(const common::v1::Event& event);

  const std::vector<PurchaseItem>& items() const { return items_; }

  // Whose events they are, sorted and unique.
  std::vector<std::string> CustomerIds() const;

 private:
  std::vector<PurchaseItem> items_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_JOBS_PURCHASE_BATCH_H_
