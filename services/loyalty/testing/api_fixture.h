#ifndef SERVICES_LOYALTY_TESTING_API_FIXTURE_H_
#define SERVICES_LOYALTY_TESTING_API_FIXTURE_H_

// Handlers and jobs on SQLite with clocks that stand still.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clientele/common/v1/event.pb.h"
#include "clientele/loyalty/v1/ledger_service.pb.h"
#include "common/handler/testing/handler_fixture.h"
#include "common/sql/database.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/testing/test_events.h"

namespace clientele::loyalty {

// The default program in GBP and UTC.
Program TestProgram();

// One loyalty without a server. Not thread-safe but for what `api()` gives.
class ApiFixture : public HandlerFixture {
 public:
  // In memory.
  ApiFixture();
  // On a database with loyalty's schema.
  explicit ApiFixture(std::unique_ptr<sql::Database> database);

  const ApiContext& api() const { return api_; }

  // Applies events as profile's feed would bring them, in one transaction.
  absl::Status Deliver(const std::vector<common::v1::Event>& events);

  // A member with `points` earned by one purchase on a day of 2011. Aborts on error.
  void AddMember(const std::string& customer_id, int64_t points, int day = 340);

  // What the RPCs answer; each aborts on error.
  v1::Balance Balance(const std::string& customer_id);
  std::vector<v1::LedgerEntry> Entries(const std::string& customer_id);
  std::vector<v1::Lot> Lots(const std::string& customer_id);

  // How many members do not balance.
  int64_t Imbalance();

 private:
  const ApiContext api_;
  int purchase_count_ = 1'000;
};

v1::RedeemRequest MakeRedeem(int request, const std::string& customer_id, int64_t points);
v1::AdjustRequest MakeAdjust(int request, const std::string& customer_id, int64_t points);
v1::ReverseRequest MakeReverse(int request, const std::string& customer_id, int original);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_TESTING_API_FIXTURE_H_
