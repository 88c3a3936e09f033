#ifndef SERVICES_PROFILE_TESTING_API_FIXTURE_H_
#define SERVICES_PROFILE_TESTING_API_FIXTURE_H_

// Profile's handlers with clocks that stand still.

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/handler/testing/handler_fixture.h"
#include "common/sql/database.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/testing/test_database.h"

namespace clientele::profile {

// One profile without a server. Not thread-safe but for what `api()` gives.
class ApiFixture : public HandlerFixture {
 public:
  // `database` has profile's schema.
  explicit ApiFixture(std::unique_ptr<sql::Database> database = OpenTestDatabase());

  const ApiContext& api() const { return api_; }

 private:
  const ApiContext api_;
};

// What GetCustomer answers, read.
absl::StatusOr<v1::Customer> GetCustomer(const ApiContext& api, rpc::CallContext& call,
                                         const v1::GetCustomerRequest& request);

// A well-formed CreateCustomer of a person.
v1::CreateCustomerRequest MakeCreateRequest(const std::string& customer_id);

// A well-formed purchase of one line: 6 at 2.55 GBP, an hour before TestBusinessTime.
v1::Purchase MakePurchaseProto(const std::string& customer_id, const std::string& order_number);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_TESTING_API_FIXTURE_H_
