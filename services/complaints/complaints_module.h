#ifndef SERVICES_COMPLAINTS_COMPLAINTS_MODULE_H_
#define SERVICES_COMPLAINTS_COMPLAINTS_MODULE_H_

// Complaints as one piece: what a server (clientele-complaints, or `clientele up` with every
// service in one process) puts together. EventService is the server's own.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/feed/consumer.h"
#include "common/handler/handler_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
#include "common/server/service_module.h"
#include "common/sql/migration.h"
#include "services/complaints/api/handlers/api_context.h"
#include "services/complaints/jobs/customer_repair.h"
#include "services/complaints/jobs/job_failure.h"
#include "services/complaints/jobs/remedy_executor.h"
#include "services/complaints/store/work_store.h"

namespace clientele::complaints {

// What complaints works with; the references outlive the module.
struct ComplaintsParts {
  HandlerParts handlers;
  Channels channels;  // loyalty's serves its feed too
  feed::ConsumerOptions consumer;
  RemedyExecutorOptions executor;
  CustomerRepairOptions repair;

  // For logs and metrics; thread-safe, quick, and may be called from the module's threads.
  std::function<void(const feed::ConsumerFailure&)> on_consumer_failure;
  OnJobFailure on_job_failure;
  OnEvent on_event;
  std::function<void(const PendingCounts&)> on_pending;                          // now and then
  std::function<void(const std::map<ComplaintState, int64_t>&)> on_open_counts;  // by Measure
};

// Every migration of complaints' database, those of the feed and of idempotency included,
// ascending.
std::vector<sql::Migration> ComplaintsMigrations();

// Serves ComplaintService, follows loyalty's feed, executes remedies and repairs. It works while
// profile and loyalty are away; what Stop interrupts is taken up at the next start. Thread-safe
// after construction.
class ComplaintsModule final : public server::ServiceModule {
 public:
  // `pipeline` outlives the module.
  ComplaintsModule(const ComplaintsParts& parts, rpc::CallPipeline& pipeline);
  // Stops.
  ~ComplaintsModule() override;

  std::vector<rpc::ServedService> Services() override;
  std::vector<const feed::ConsumerStatusSource*> Consumers() override;
  void Start() override;
  void Stop() override;
  // Tells on_open_counts.
  absl::Status Measure() override;
  // Forgets answers beyond their retention.
  absl::StatusOr<int64_t> Tidy() override;
  // Seals what an earlier release stored in the clear (sealing::Upkeep).
  absl::StatusOr<bool> Seal() override;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_COMPLAINTS_MODULE_H_
