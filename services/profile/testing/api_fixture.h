#ifndef SERVICES_PROFILE_TESTING_API_FIXTURE_H_
#define SERVICES_PROFILE_TESTING_API_FIXTURE_H_

// Handlers on SQLite in memory with clocks that stand still.

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "clientele/common/v1/rpc_policy.pb.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/crypto/secret_key.h"
#include "common/feed/event_record.h"
#include "common/rpc/call_context.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "google/rpc/status.pb.h"
#include "services/profile/api/handlers/api_context.h"

namespace clientele::profile {

// 2011-12-10T00:00:00Z: business time. Record time is real: 2024-06-01T00:00:00Z.
absl::Time TestBusinessTime();
absl::Time TestRecordTime();

// One profile without a server. Not thread-safe but for what `api()` gives.
class ApiFixture {
 public:
  ApiFixture();

  const ApiContext& api() const { return api_; }
  sql::Database& database() { return *database_; }
  FakeClock& business_clock() { return business_clock_; }
  FakeClock& record_clock() { return record_clock_; }
  int poke_count() const { return poke_count_; }

  // A call of an RPC with this rule for request_id.
  rpc::CallContext Call(common::v1::RequestIdRule rule = common::v1::REQUEST_ID_RULE_OPTIONAL);

  // Everything in the outbox by customer and feed_seq.
  std::vector<feed::OutboxEvent> Outbox();

 private:
  FakeClock business_clock_;
  FakeClock record_clock_;
  UuidV7Generator ids_;
  std::unique_ptr<sql::Database> database_;
  SecretKey key_;
  IdempotencyStore idempotency_;
  PageTokenCodec page_tokens_;
  IdentifierNormalizer identifiers_;
  int poke_count_ = 0;
  ApiContext api_;
};

// A well-formed CreateCustomer of a person.
v1::CreateCustomerRequest MakeCreateRequest(const std::string& customer_id);

// A well-formed purchase of one line: 6 at 2.55 GBP, an hour before TestBusinessTime.
v1::Purchase MakePurchaseProto(const std::string& customer_id, const std::string& order_number);

// A UUID that says which.
std::string MakeRequestId(int number);

// The field of every violation, in order.
std::vector<std::string> ViolatedFields(const absl::Status& status);

// The reason of an item's refusal, "" when it was not refused.
std::string ReasonOf(const google::rpc::Status& status);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_TESTING_API_FIXTURE_H_
