#ifndef SERVICES_SEGMENTATION_JOBS_ORDER_LOG_BATCH_H_
#define SERVICES_SEGMENTATION_JOBS_ORDER_LOG_BATCH_H_

// Events of profile's feed sorted into what the order log stores.

#include <deque>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clientele/common/v1/event.pb.h"
#include "clientele/profile/v1/events.pb.h"
#include "services/segmentation/store/order_log_store.h"

namespace clientele::segmentation {

// Gathers events; belongs to one thread. The entries point into the batch and into the events,
// which outlive it.
class OrderLogBatch {
 public:
  // Takes one event; one of a type that the order log does not need is skipped. INTERNAL when it
  // cannot be read.
  absl::Status Add(const common::v1::Event& event);

  const std::vector<CustomerEntry>& customers() const { return customers_; }
  const std::vector<CustomerStateEntry>& states() const { return states_; }
  const std::vector<OrderEntry>& orders() const { return orders_; }
  const std::vector<RefundEntry>& refunds() const { return refunds_; }
  const std::vector<CancelEntry>& cancels() const { return cancels_; }

 private:
  absl::Status AddStateChange(const common::v1::Event& event);
  absl::Status AddOrder(const common::v1::Event& event);
  absl::Status AddRefund(const common::v1::Event& event);
  absl::Status AddCancel(const common::v1::Event& event);
  // The 16 bytes of a purchase's UUID, kept in the batch.
  absl::StatusOr<absl::string_view> PurchaseKey(const common::v1::Event& event,
                                                absl::string_view purchase_id);

  std::vector<CustomerEntry> customers_;
  std::vector<CustomerStateEntry> states_;
  std::vector<OrderEntry> orders_;
  std::vector<RefundEntry> refunds_;
  std::vector<CancelEntry> cancels_;
  // What the entries point to: deques, so that it stays where it is.
  std::deque<std::string> purchase_keys_;
  std::deque<profile::v1::PurchaseRecorded> recorded_;
  std::deque<profile::v1::PurchaseRefunded> refunded_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_ORDER_LOG_BATCH_H_
