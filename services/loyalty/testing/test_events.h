#ifndef SERVICES_LOYALTY_TESTING_TEST_EVENTS_H_
#define SERVICES_LOYALTY_TESTING_TEST_EVENTS_H_

// For tests only: what profile's feed would say. Pure functions.

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "clientele/common/v1/event.pb.h"

namespace clientele::loyalty {

// Noon UTC of a day of 2011, from 1.
absl::Time NoonOf(int day);

// A purchase as a test means it.
struct TestPurchase {
  std::string customer_id;
  int number = 0;  // makes the purchase id
  absl::Time occur_time;
  int64_t gross_minor = 0;
  std::string currency_code = "GBP";
};

std::string PurchaseIdOf(int number);

// Events with ids of their own and without a place in a feed.
common::v1::Event PurchaseRecorded(const TestPurchase& purchase);
// `so_far_minor`: what was refunded before this.
common::v1::Event PurchaseRefunded(const TestPurchase& purchase, int refund, int64_t amount_minor,
                                   int64_t so_far_minor, absl::Time occur_time);
common::v1::Event PurchaseCancelled(const TestPurchase& purchase, absl::Time occur_time);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_TESTING_TEST_EVENTS_H_
