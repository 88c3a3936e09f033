#ifndef COMMON_SERVER_SERVICE_RUNTIME_H_
#define COMMON_SERVER_SERVICE_RUNTIME_H_

// One service of a process with everything around it, put together the same way in the server
// binaries and in `clientele up`.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/audit/audit_service.h"
#include "common/cache/cache_stack.h"
#include "common/crypto/secret_key.h"
#include "common/executor/executor.h"
#include "common/feed/consumer.h"
#include "common/feed/event_service.h"
#include "common/feed/feed_notifier.h"
#include "common/feed/sequencer.h"
#include "common/handler/handler_context.h"
#include "common/ids/uuid.h"
#include "common/observability/log.h"
#include "common/observability/metrics.h"
#include "common/observability/ops_pages.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
#include "common/server/audit_work.h"
#include "common/server/call_reports.h"
#include "common/server/periodic_job.h"
#include "common/server/principal_limits.h"
#include "common/server/runtime_options.h"
#include "common/server/security_config.h"
#include "common/server/service_module.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "common/time/steady_clock.h"

namespace clientele::server {

// What the services of one process share; everything outlives the runtimes.
struct ProcessParts {
  const Clock& system_clock;    // deadlines, logs, record times
  const Clock& business_clock;  // "now" of business decisions
  UuidV7Generator& uuids;
  LogSink& log_sink;
  OpsPages& pages;
  const SecretKey& key;  // page tokens, idempotency and identifier hashes derive theirs from it
  const KeyWrapper* key_wrapper = nullptr;  // null when no service of the process seals
};

// Thread-safe, but Serve and Shutdown are called by one thread.
class ServiceRuntime {
 public:
  // Opens the database; nothing is served yet. Redis need not be there. The error is a sentence.
  static absl::StatusOr<std::unique_ptr<ServiceRuntime>> Open(const ServiceDefinition& definition,
                                                              const RuntimeOptions& options,
                                                              const ProcessParts& parts);

  // As Shutdown.
  ~ServiceRuntime();

  // Applies pending migrations (sql::Migrate), for `clientele up`.
  absl::Status Migrate();

  // FAILED_PRECONDITION SCHEMA_MISMATCH as of sql::InspectSchema.
  absl::Status CheckSchema();

  // Makes the module, listens, and starts the background work. The error is a sentence: the address
  // is taken or not protected enough, or keys are not those of the database. Once only.
  absl::Status Serve();

  // "127.0.0.1:40321"; after Serve.
  std::string address() const { return server_->address(); }

  // Stops taking calls, lets those under way end, ends the background work. Blocks; idempotent.
  void Shutdown();

  // From now on, instead of those in the options.
  void SetLimits(limits::RateTable rates);

  // What a module works with.
  HandlerParts handler_parts();
  feed::ConsumerOptions consumer_options();  // of the feeds it consumes
  sql::Database& database() { return *database_; }
  // A channel to another service, with the certificate or token that this one shows.
  std::shared_ptr<grpc::Channel> Connect(const std::string& address);
  rpc::CallPipeline& pipeline() { return pipeline_; }
  Metrics& metrics();
  Logger& logger();
  const ProcessParts& process() const { return parts_; }
  const RuntimeOptions& options() const { return options_; }

  // Tells the sequencer that the outbox has grown. Thread-safe, cheap.
  void PokeOutbox() { sequencer_.Poke(); }

 private:
  // What the database already reports to when it is opened.
  struct Telemetry;

  ServiceRuntime(const ServiceDefinition& definition, const RuntimeOptions& options,
                 const ProcessParts& parts, std::unique_ptr<Telemetry> telemetry,
                 std::unique_ptr<sql::Database> database, cache::CacheStackOptions cache_options,
                 Security security, limits::RateTable rates);

  void AddReadings();
  void StartJobs();
  void LogFailure(absl::string_view event, absl::string_view message, const absl::Status& status);

  // In the order in which they need each other.
  const ServiceDefinition definition_;
  const RuntimeOptions options_;
  const ProcessParts parts_;
  const std::unique_ptr<Telemetry> telemetry_;
  const std::unique_ptr<sql::Database> database_;
  cache::CacheStack cache_;
  Executor executor_;
  const Security security_;
  SteadyClock limits_clock_;
  PrincipalLimits limits_;
  AuditWork audit_;
  CallMetrics call_metrics_;
  ClientCallMetrics client_call_metrics_;
  CallLines call_lines_;
  rpc::CallPipeline pipeline_;
  feed::FeedNotifier notifier_;
  feed::Sequencer sequencer_;
  std::unique_ptr<ServiceModule> module_;
  std::unique_ptr<feed::EventService> event_service_;
  audit::AuditService audit_service_;
  std::unique_ptr<rpc::RpcServer> server_;
  PeriodicJob measure_;
  PeriodicJob tidy_;
  PeriodicJob trim_;
  std::unique_ptr<PeriodicJob> seal_;  // where the service seals
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_SERVICE_RUNTIME_H_
