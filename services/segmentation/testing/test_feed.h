#ifndef SERVICES_SEGMENTATION_TESTING_TEST_FEED_H_
#define SERVICES_SEGMENTATION_TESTING_TEST_FEED_H_

// For tests only: what profile's feed would say.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "clientele/common/v1/event.pb.h"
#include "common/sql/database.h"
#include "google/protobuf/message.h"

namespace clientele::segmentation {

// A purchase as a test means it.
struct TestPurchase {
  std::string customer_id;
  int number = 0;  // makes the purchase id
  absl::Time occur_time;
  int64_t gross_minor = 0;
  std::string currency_code = "GBP";
  std::string source_system = "shop";
  std::string channel = "web";
  std::string region;
};

// Makes events without a place in a feed, each with an id of its own.
common::v1::Event CustomerCreated(const std::string& customer_id, absl::Time occur_time);
common::v1::Event CustomerDeleted(const std::string& customer_id, absl::Time occur_time);
common::v1::Event CustomerUndeleted(const std::string& customer_id, absl::Time occur_time);
common::v1::Event PurchaseRecorded(const TestPurchase& purchase);
// `so_far_minor`: what was refunded before this.
common::v1::Event PurchaseRefunded(const TestPurchase& purchase, int refund, int64_t amount_minor,
                                   int64_t so_far_minor, absl::Time occur_time);
common::v1::Event PurchaseCancelled(const TestPurchase& purchase, absl::Time occur_time);

// Gives events their places, as a sequencer does, and remembers how far it is.
class TestFeed {
 public:
  // The events with partitions and the next positions.
  std::vector<common::v1::Event> Place(std::vector<common::v1::Event> events);

  // Places the events and applies them with OrderLogConsumer, at most 500 in a transaction with the
  // positions they lead to. Aborts on error.
  void Deliver(sql::Database& database, std::vector<common::v1::Event> events);

 private:
  std::array<int64_t, 16> heads_{};
};

// Applies placed events and moves the consumer's positions to the last of each partition.
absl::Status ApplyEvents(sql::Database& database, absl::Span<const common::v1::Event> events);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_TESTING_TEST_FEED_H_
