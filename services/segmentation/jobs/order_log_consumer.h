#ifndef SERVICES_SEGMENTATION_JOBS_ORDER_LOG_CONSUMER_H_
#define SERVICES_SEGMENTATION_JOBS_ORDER_LOG_CONSUMER_H_

// Writes what profile's feed says into the order log.

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "clientele/common/v1/event.pb.h"
#include "common/feed/event_applier.h"
#include "common/sql/database.h"

namespace clientele::segmentation {

// The service whose feed the order log follows; positions are stored under it.
inline constexpr char kProfileFeed[] = "profile";

// Stateless, so thread-safe.
class OrderLogConsumer final : public feed::EventHandler {
 public:
  // Takes customer.created and .updated, purchase.recorded, .refunded and .cancelled, all of one
  // kind in one statement each; skips every other type. The same events again change nothing.
  // INTERNAL, which stops the consumer, when an event cannot be read or names a customer or a
  // purchase that the feed has not told of: the log would be wrong for ever.
  absl::Status Apply(sql::Tx& tx, absl::Span<const common::v1::Event> events) override;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_ORDER_LOG_CONSUMER_H_
