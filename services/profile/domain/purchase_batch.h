#ifndef SERVICES_PROFILE_DOMAIN_PURCHASE_BATCH_H_
#define SERVICES_PROFILE_DOMAIN_PURCHASE_BATCH_H_

// Decides about many orders and refunds in one transaction: what is stored of them is loaded first,
// then each is decided in memory in order of arrival, each seeing the effects of those before it,
// and at the end everything is written at once.
//
// Thread safety: none; one per transaction attempt.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/profile/domain/event.h"
#include "services/profile/domain/purchase.h"
#include "services/profile/domain/purchase_plan.h"
#include "services/profile/domain/refund_plan.h"

namespace clientele::profile {

struct MadeCustomer {
  CustomerRoot root;
  std::vector<Identifier> identifiers;
};

struct ChangedLine {
  CustomerId customer_id;
  PurchaseId purchase_id;
  PurchaseLine line;
};

struct MadeRefund {
  CustomerId customer_id;
  PurchaseId purchase_id;
  Refund refund;
};

// Everything a batch stores and tells; each list but `events` is sorted by its key.
struct BatchWrites {
  std::vector<MadeCustomer> made_customers;
  std::vector<CustomerRoot> changed_customers;
  std::vector<Purchase> made_purchases;  // as they are after the batch, without refunds
  std::vector<PurchaseHeader> changed_purchases;
  std::vector<ChangedLine> changed_lines;
  std::vector<MadeRefund> made_refunds;
  std::vector<Event> events;
};

// The purchase `before`, the only one that `writes` change, as it is after them.
Purchase PurchaseAfter(Purchase before, const BatchWrites& writes);

class PurchaseBatch {
 public:
  explicit PurchaseBatch(absl::Time record_time) : record_time_(record_time) {}

  // What is stored. To be called before the first decision.
  void LoadCustomer(CustomerRoot root);
  void LoadHolder(IdentifierHolder holder);
  // The identifiers of a loaded customer; needed when an order comes with others than it holds.
  void LoadIdentifiers(const CustomerId& customer_id, std::vector<Identifier> identifiers);
  void LoadOrder(const PurchaseId& purchase_id, std::string content_hash);
  void LoadPurchase(PurchaseHeader header);
  void LoadLine(const PurchaseId& purchase_id, PurchaseLine line);
  void LoadRefund(const PurchaseId& purchase_id, absl::string_view refund_number,
                  std::string content_hash);

  struct RecordOutcome {
    bool already_recorded = false;
    bool made_customer = false;
  };

  // PlanRecordPurchase on what is loaded and decided so far; same errors. `buyer` may be null.
  absl::StatusOr<RecordOutcome> Record(Purchase purchase, const ImportedBuyer* buyer);

  struct RefundOutcome {
    bool already_recorded = false;
  };

  // PlanRefund on what is loaded and decided so far; same errors. The purchase, the lines and the
  // refund number of the command must have been loaded, where they exist.
  absl::StatusOr<RefundOutcome> GiveBack(const RefundCommand& command);

  // PlanCancel likewise.
  absl::Status Cancel(const CancelCommand& command);

  // Everything decided; the batch is over.
  BatchWrites Finish() &&;

 private:
  struct CustomerEntry {
    CustomerRoot root;
    std::vector<Identifier> identifiers;  // as far as loaded; all of a made customer
    bool made = false;
    bool changed = false;
  };
  struct PurchaseEntry {
    Purchase purchase;
    absl::flat_hash_map<std::string, std::string> refund_hashes;  // by refund_number
    std::vector<Refund> made_refunds;
    std::vector<int32_t> changed_line_numbers;
    bool made = false;
    bool changed = false;
  };

  std::vector<IdentifierHolder> HoldersOf(const ImportedBuyer* buyer) const;
  PurchaseEntry* FindPurchase(const CustomerId& customer_id, const PurchaseId& purchase_id);
  CustomerEntry& BuyerOf(const PurchaseEntry& entry);
  // Answers the event's feed_seq.
  int64_t Tell(const PurchaseEntry& entry, absl::Time occur_time, EventBody body);
  void ApplyRefund(PurchaseEntry& entry, RefundPlan plan);
  void FinishCustomers(BatchWrites& writes);
  void FinishPurchase(PurchaseEntry& entry, BatchWrites& writes);

  const absl::Time record_time_;
  absl::node_hash_map<CustomerId, CustomerEntry> customers_;
  absl::flat_hash_map<std::string, CustomerId> holders_;       // by identifier hash
  absl::flat_hash_map<PurchaseId, std::string> order_hashes_;  // of every recorded order
  absl::node_hash_map<PurchaseId, PurchaseEntry> purchases_;
  std::vector<Event> events_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_PURCHASE_BATCH_H_
