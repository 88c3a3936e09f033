#ifndef SERVICES_SEGMENTATION_TESTING_API_FIXTURE_H_
#define SERVICES_SEGMENTATION_TESTING_API_FIXTURE_H_

// Handlers and runs on SQLite in memory with clocks that stand still.

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "clientele/segmentation/v1/rfm_service.pb.h"
#include "common/handler/testing/handler_fixture.h"
#include "services/segmentation/api/handlers/api_context.h"
#include "services/segmentation/jobs/rfm_executor.h"
#include "services/segmentation/store/run_board.h"
#include "services/segmentation/testing/test_feed.h"

namespace clientele::segmentation {

// Noon UTC of a day of 2011, from 1.
absl::Time NoonOf(int day);

// One segmentation without a server. Not thread-safe but for what `api()` gives.
class ApiFixture : public HandlerFixture {
 public:
  ApiFixture();

  const ApiContext& api() const { return api_; }
  RunBoard& board() { return board_; }
  TestFeed& feed() { return feed_; }

  // Applies events as profile's feed would bring them.
  void Deliver(std::vector<common::v1::Event> events) {
    feed_.Deliver(database(), std::move(events));
  }

  // Customers "c-001"… with 1..9 purchases each in 2011, enough for every gate.
  void DeliverShop(int customers);

  // Publishes `spec` as the model "shop" and starts a run at 2011-12-10; answers the run's id.
  std::string StartRun(const v1::RfmModelSpec& spec, bool force = false);

  // Does the next run as the runner would. Aborts when there is none or its end is not stored.
  RunReport RunNext();

  v1::RfmRun GetRun(const std::string& run_id);

 private:
  RunBoard board_;
  TestFeed feed_;
  std::atomic<bool> stopping_ = false;
  const ApiContext api_;
};

// QUANTILE, GROSS, growth-11.
v1::RfmModelSpec GrowthSpec();

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_TESTING_API_FIXTURE_H_
