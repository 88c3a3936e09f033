#include "services/segmentation/jobs/order_log_consumer.h"

#include "common/status/macros.h"
#include "services/segmentation/jobs/order_log_batch.h"
#include "services/segmentation/store/order_log_store.h"

namespace clientele::segmentation {

absl::Status OrderLogConsumer::Apply(sql::Tx& tx, absl::Span<const common::v1::Event> events) {
  OrderLogBatch batch;
  for (const common::v1::Event& event : events) {
    CLIENTELE_RETURN_IF_ERROR(batch.Add(event));
  }
  // In the order in which they need each other: the feed tells of a customer before its state and
  // its orders, and of an order before its refunds and its cancel.
  CLIENTELE_RETURN_IF_ERROR(AppendCustomers(tx, batch.customers()));
  CLIENTELE_RETURN_IF_ERROR(UpdateCustomerStates(tx, batch.states()));
  CLIENTELE_RETURN_IF_ERROR(AppendOrders(tx, batch.orders()));
  CLIENTELE_RETURN_IF_ERROR(AppendRefunds(tx, batch.refunds()));
  return CancelOrders(tx, batch.cancels());
}

}  // namespace clientele::segmentation
