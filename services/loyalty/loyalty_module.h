#ifndef SERVICES_LOYALTY_LOYALTY_MODULE_H_
#define SERVICES_LOYALTY_LOYALTY_MODULE_H_

// Loyalty as one piece: what a server (clientele-loyalty, or `clientele up` with every service in
// one process) puts together. EventService is the server's own.

#include <grpcpp/channel.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/feed/consumer.h"
#include "common/handler/handler_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
#include "common/sql/migration.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// What loyalty works with; the references outlive the module.
struct LoyaltyParts {
  HandlerParts handlers;
  Program program;  // published with the first purchase that arrives

  // To profile's EventService, from rpc::Connect.
  std::shared_ptr<grpc::Channel> profile_channel;
  feed::ConsumerOptions consumer;  // `source` and `name` are set by the module

  // For logs; thread-safe, quick, and may be called from the module's threads.
  std::function<void(const feed::ConsumerFailure&)> on_consumer_failure;
};

// Every migration of loyalty's database, those of the feed included, ascending.
std::vector<sql::Migration> LoyaltyMigrations();

// Thread-safe after construction.
class LoyaltyModule {
 public:
  // `pipeline` outlives the module.
  LoyaltyModule(const LoyaltyParts& parts, rpc::CallPipeline& pipeline);
  // Stops.
  ~LoyaltyModule();
  LoyaltyModule(const LoyaltyModule&) = delete;
  LoyaltyModule& operator=(const LoyaltyModule&) = delete;

  // LedgerService and MemberService, valid as long as the module.
  std::vector<rpc::ServedService> Services();

  // Begins to follow profile's feed. Once only.
  void Start();

  // Ends that at a safe point. Blocks, idempotent.
  void Stop();

  // How far the feed of profile has been followed, for EventService, metrics and readiness.
  const feed::ConsumerStatusSource& consumer_status() const;

  // OK when the database answers and the consumer has not given up; else why not. It does not wait
  // for profile: reads and writes work while profile is down.
  absl::Status CheckReady() const;

  // Posts what is due (jobs/due_sweep.h); tells `on_swept` after each commit for how many members.
  // Does nothing while the consumer knows of events it has not applied: a refund on its way must
  // still find its points. For the server to call now and then.
  absl::Status SweepDue(absl::FunctionRef<void(int64_t)> on_swept);

  // Checks the next part of the ledger (jobs/ledger_check.h), for the server to call now and then;
  // answers some members that do not balance.
  absl::StatusOr<std::vector<std::string>> CheckLedger();
  // How many members do not balance; must be 0.
  int64_t ledger_imbalance_count() const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_LOYALTY_MODULE_H_
