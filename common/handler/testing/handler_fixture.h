#ifndef COMMON_HANDLER_TESTING_HANDLER_FIXTURE_H_
#define COMMON_HANDLER_TESTING_HANDLER_FIXTURE_H_

// Handlers without a server, on a database of the test's with clocks that stand still. A service
// derives its ApiFixture from HandlerFixture and adds its ApiContext.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clientele/common/v1/rpc_policy.pb.h"
#include "common/cache/testing/process_cache.h"
#include "common/crypto/key_ring.h"
#include "common/crypto/secret_key.h"
#include "common/feed/event_record.h"
#include "common/handler/handler_context.h"
#include "common/ids/uuid.h"
#include "common/rpc/call_context.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "google/rpc/status.pb.h"

namespace clientele {

// 2011-12-10T00:00:00Z: business time. Record time is real: 2024-06-01T00:00:00Z.
absl::Time TestBusinessTime();
absl::Time TestRecordTime();

// The same secret in every test.
SecretKey TestKey();

// A UUID that says which.
std::string MakeRequestId(int number);

// The field of every violation, in order.
std::vector<std::string> ViolatedFields(const absl::Status& status);

// The reason of an item's refusal, "" when it was not refused.
std::string ReasonOf(const google::rpc::Status& status);

// Not thread-safe but for what HandlerParts gives.
class HandlerFixture {
 public:
  sql::Database& database() { return *database_; }
  FakeClock& business_clock() { return business_clock_; }
  FakeClock& record_clock() { return record_clock_; }

  // Goes by record_clock.
  cache::ProcessCache& process_cache() { return process_cache_; }

  // How often a write has woken the sequencer, or what else is counted with CountPoke.
  int poke_count() const { return poke_count_; }

  // A call of an RPC with this rule for request_id.
  rpc::CallContext Call(common::v1::RequestIdRule rule = common::v1::REQUEST_ID_RULE_OPTIONAL);

  // Everything in the outbox by customer and feed_seq. Aborts on error.
  std::vector<feed::OutboxEvent> Outbox();

  // What the audit log was told of writes, in order: "<call_id>: <subject> <subject>" of each.
  // Aborts on error, and when a record is not that of a write of the principal "local".
  std::vector<std::string> AuditedWrites();

 protected:
  // Whether the service seals what it stores.
  enum class Sealing { kOff, kOn };

  // `database` has the service's schema.
  explicit HandlerFixture(std::unique_ptr<sql::Database> database, Sealing sealing = Sealing::kOff);
  ~HandlerFixture() = default;

  // For the service's context; valid as long as the fixture.
  HandlerParts Parts();
  const SecretKey& key() const { return key_; }
  const KeyWrapper& key_wrapper() const { return key_ring_; }
  void CountPoke() { ++poke_count_; }

 private:
  FakeClock business_clock_;
  FakeClock record_clock_;
  UuidV7Generator ids_;
  const SecretKey key_;
  const KeyRing key_ring_;
  const Sealing sealing_;
  const std::unique_ptr<sql::Database> database_;
  cache::ProcessCache process_cache_;
  std::atomic<int> poke_count_ = 0;
};

}  // namespace clientele

#endif  // COMMON_HANDLER_TESTING_HANDLER_FIXTURE_H_
