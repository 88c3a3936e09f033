#ifndef SERVICES_LOYALTY_LOYALTY_MODULE_H_
#define SERVICES_LOYALTY_LOYALTY_MODULE_H_

// Loyalty as one piece: what a server (clientele-loyalty, or `clientele up` with every service in
// one process) puts together. EventService is the server's own.

#include <grpcpp/channel.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/feed/consumer.h"
#include "common/handler/handler_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
#include "common/server/service_module.h"
#include "common/sql/migration.h"
#include "services/loyalty/domain/program.h"
#include "services/loyalty/jobs/ledger_check.h"
#include "services/loyalty/jobs/purchase_consumer.h"

namespace clientele::loyalty {

// What loyalty works with; the references outlive the module.
struct LoyaltyParts {
  HandlerParts handlers;
  Program program;  // published with the first purchase that arrives

  // To profile's EventService, from rpc::Connect.
  std::shared_ptr<grpc::Channel> profile_channel;
  feed::ConsumerOptions consumer;

  // For logs; thread-safe, quick, and may be called from the module's threads.
  std::function<void(const feed::ConsumerFailure&)> on_consumer_failure;
  std::function<void(const OtherCurrency&)> on_other_currency = [](const auto&) {};
};

// Every migration of loyalty's database, those of the feed included, ascending.
std::vector<sql::Migration> LoyaltyMigrations();

// Serves LedgerService and MemberService and follows profile's feed; reads and writes work while
// profile is away. Thread-safe after construction.
class LoyaltyModule final : public server::ServiceModule {
 public:
  // `pipeline` outlives the module.
  LoyaltyModule(const LoyaltyParts& parts, rpc::CallPipeline& pipeline);
  // Stops.
  ~LoyaltyModule() override;

  std::vector<rpc::ServedService> Services() override;
  std::vector<const feed::ConsumerStatusSource*> Consumers() override;
  const feed::EventExporter* Exporter() override;
  void Start() override;
  void Stop() override;
  // Ledger entries are remembered for ever, and there is nothing else.
  absl::StatusOr<int64_t> Tidy() override { return 0; }

  // The currency in which orders earn points: the published program's, else the configured one's.
  absl::StatusOr<CurrencyCode> ProgramCurrency();

  // Posts what was due (jobs/due_sweep.h) when profile recorded the last of what is applied here
  // (jobs/feed_horizon.h), so that a rebuild from the feed comes out the same; tells `on_swept`
  // after each commit for how many members. Does nothing while that is not known: the consumer is
  // behind, or profile has not answered since it had nothing more. For the server to call now and
  // then, one call at a time.
  absl::Status SweepDue(absl::FunctionRef<void(int64_t)> on_swept);

  // For the server to run now and then, and to tell of; lives as long as the module.
  LedgerCheck& ledger_check();

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_LOYALTY_MODULE_H_
