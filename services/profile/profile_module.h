#ifndef SERVICES_PROFILE_PROFILE_MODULE_H_
#define SERVICES_PROFILE_PROFILE_MODULE_H_

// Profile as one piece: what a server (clientele-profile, or `clientele up` with every service in
// one process) puts together. The feed's sequencer and EventService are the server's own.

#include <functional>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "common/crypto/secret_key.h"
#include "common/ids/uuid.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
#include "common/sql/database.h"
#include "common/sql/migration.h"
#include "common/time/clock.h"

namespace clientele::profile {

// What profile works with; the references outlive the module.
struct ProfileParts {
  sql::Database& database;      // with ProfileMigrations() applied
  const Clock& business_clock;  // "now" of business decisions
  const Clock& record_clock;    // the machine's: when things are recorded
  UuidV7Generator& ids;
  // Page tokens, idempotency and identifier hashes have keys derived from it: with another key than
  // last time no stored identifier is found.
  const SecretKey& key;
  absl::Duration idempotency_retention;  // positive: how long answers are remembered at least
  std::function<void()> poke_outbox;     // wakes the sequencer after a commit; thread-safe, cheap
};

// Every migration of profile's database, those of the feed and of idempotency included, ascending.
std::vector<sql::Migration> ProfileMigrations();

// Thread-safe after construction.
class ProfileModule {
 public:
  // `pipeline` outlives the module.
  ProfileModule(const ProfileParts& parts, rpc::CallPipeline& pipeline);
  ~ProfileModule();
  ProfileModule(const ProfileModule&) = delete;
  ProfileModule& operator=(const ProfileModule&) = delete;

  // CustomerService and PurchaseService, valid as long as the module.
  std::vector<rpc::ServedService> Services();

  // Forgets answers beyond their retention, at most `limit` of them; answers how many. For the
  // server to call now and then.
  absl::StatusOr<int64_t> DeleteExpiredAnswers(int64_t limit);

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_PROFILE_MODULE_H_
