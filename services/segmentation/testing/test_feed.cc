#include "services/segmentation/testing/test_feed.h"

#include <algorithm>
#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clientele/profile/v1/events.pb.h"
#include "common/feed/consumer_positions.h"
#include "common/feed/testing/whole_share.h"
#include "common/ids/stable_hash.h"
#include "common/ids/uuid.h"
#include "common/status/macros.h"
#include "common/time/time_proto.h"
#include "services/segmentation/jobs/order_log_consumer.h"

namespace clientele::segmentation {
namespace {

using common::v1::Event;

constexpr size_t kEventsPerTransaction = 500;

Event MakeEvent(const std::string& type, const std::string& customer_id, absl::Time occur_time,
                const google::protobuf::Message& data) {
  static UuidV7Generator ids;
  Event event;
  event.set_id(ids.New(occur_time));
  event.set_type(type);
  event.set_customer_id(customer_id);
  *event.mutable_occur_time() = ToTimestamp(occur_time);
  *event.mutable_record_time() = ToTimestamp(occur_time + absl::Seconds(1));
  event.mutable_data()->PackFrom(data);
  return event;
}

std::string PurchaseIdOf(const TestPurchase& purchase) {
  return absl::StrFormat("00000000-0000-5000-8000-%012x", purchase.number);
}

Event StateChange(const std::string& customer_id, profile::v1::CustomerState state,
                  absl::Time occur_time) {
  profile::v1::CustomerUpdated data;
  data.set_state(state);
  return MakeEvent("clientele.profile.customer.updated.v1", customer_id, occur_time, data);
}

}  // namespace

Event CustomerCreated(const std::string& customer_id, absl::Time occur_time) {
  return MakeEvent("clientele.profile.customer.created.v1", customer_id, occur_time,
                   profile::v1::CustomerCreated());
}

Event CustomerDeleted(const std::string& customer_id, absl::Time occur_time) {
  return StateChange(customer_id, profile::v1::CUSTOMER_STATE_DELETED, occur_time);
}

Event CustomerUndeleted(const std::string& customer_id, absl::Time occur_time) {
  return StateChange(customer_id, profile::v1::CUSTOMER_STATE_ACTIVE, occur_time);
}

Event PurchaseRecorded(const TestPurchase& purchase) {
  profile::v1::PurchaseRecorded data;
  data.set_purchase_id(PurchaseIdOf(purchase));
  data.set_source_system(purchase.source_system);
  data.set_currency_code(purchase.currency_code);
  data.set_gross_minor(purchase.gross_minor);
  data.set_line_count(1);
  data.set_channel(purchase.channel);
  data.set_region(purchase.region);
  return MakeEvent("clientele.profile.purchase.recorded.v1", purchase.customer_id,
                   purchase.occur_time, data);
}

Event PurchaseRefunded(const TestPurchase& purchase, int refund, int64_t amount_minor,
                       int64_t so_far_minor, absl::Time occur_time) {
  profile::v1::PurchaseRefunded data;
  data.set_purchase_id(PurchaseIdOf(purchase));
  data.set_refund_number(absl::StrCat("r-", refund));
  data.set_currency_code(purchase.currency_code);
  data.set_amount_minor(amount_minor);
  data.set_refunded_minor(so_far_minor + amount_minor);
  return MakeEvent("clientele.profile.purchase.refunded.v1", purchase.customer_id, occur_time,
                   data);
}

Event PurchaseCancelled(const TestPurchase& purchase, absl::Time occur_time) {
  profile::v1::PurchaseCancelled data;
  data.set_purchase_id(PurchaseIdOf(purchase));
  data.set_currency_code(purchase.currency_code);
  data.set_gross_minor(purchase.gross_minor);
  return MakeEvent("clientele.profile.purchase.cancelled.v1", purchase.customer_id, occur_time,
                   data);
}

std::vector<Event> TestFeed::Place(std::vector<Event> events) {
  for (Event& event : events) {
    const int partition = PartitionOf(event.customer_id());
    event.set_partition(partition);
    event.set_position(++heads_[partition]);
    event.set_feed_seq(event.position());  // ascending per customer is all that is asked
  }
  return events;
}

void TestFeed::Deliver(sql::Database& database, std::vector<Event> events) {
  const std::vector<Event> placed = Place(std::move(events));
  for (size_t begin = 0; begin < placed.size(); begin += kEventsPerTransaction) {
    const absl::Status status =
        ApplyEvents(database, absl::MakeConstSpan(placed).subspan(begin, kEventsPerTransaction));
    CLIENTELE_CHECK(status.ok());
  }
}

absl::Status ApplyEvents(sql::Database& database, absl::Span<const Event> events) {
  // Each call is another holder, as after a restart.
  static std::atomic<int64_t> last_fence = 0;
  const int64_t fence = ++last_fence;
  OrderLogConsumer consumer;
  return database.RunInTransaction({}, [&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(consumer.Apply(tx, events));
    CLIENTELE_ASSIGN_OR_RETURN(const feed::Positions from,
                               feed::ClaimWholeShare(tx, kProfileFeed, fence));
    feed::Positions to = from;
    for (const Event& event : events) {
      to[event.partition()] = std::max(to[event.partition()], event.position());
    }
    return feed::MoveConsumerPositions(tx, kProfileFeed, from, to, feed::WholeShare(fence));
  });
}

}  // namespace clientele::segmentation
