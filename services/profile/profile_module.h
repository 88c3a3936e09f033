#ifndef SERVICES_PROFILE_PROFILE_MODULE_H_
#define SERVICES_PROFILE_PROFILE_MODULE_H_

// Profile as one piece: what a server (clientele-profile, or `clientele up` with every service in
// one process) puts together. The feed's sequencer and EventService are the server's own.

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "common/handler/handler_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
#include "common/server/service_module.h"
#include "common/sql/migration.h"

namespace clientele::profile {

// Every migration of profile's database, those of the feed and of idempotency included, ascending.
std::vector<sql::Migration> ProfileMigrations();

// Serves CustomerService and PurchaseService; it has no work of its own. Thread-safe after
// construction.
class ProfileModule final : public server::ServiceModule {
 public:
  // `pipeline` outlives the module.
  ProfileModule(const HandlerParts& parts, rpc::CallPipeline& pipeline);
  ~ProfileModule() override;

  std::vector<rpc::ServedService> Services() override;
  std::vector<const feed::ConsumerStatusSource*> Consumers() override { return {}; }
  const feed::EventExporter* Exporter() override;
  void Start() override {}
  void Stop() override {}
  // Seals what an earlier release stored in the clear (sealing::Upkeep).
  absl::StatusOr<bool> Seal() override;
  // Forgets answers beyond their retention.
  absl::StatusOr<int64_t> Tidy() override;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_PROFILE_MODULE_H_
