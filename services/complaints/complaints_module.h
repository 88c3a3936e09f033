#ifndef SERVICES_COMPLAINTS_COMPLAINTS_MODULE_H_
#define SERVICES_COMPLAINTS_COMPLAINTS_MODULE_H_

// Complaints as one piece: what a server (clientele-complaints, or `clientele up` with every
// service in one process) puts together. EventService is the server's own.

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "common/feed/consumer.h"
#include "common/handler/handler_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
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
  Channels channels;               // loyalty's serves its feed too
  feed::ConsumerOptions consumer;  // `source` and `name` are set by the module
  RemedyExecutorOptions executor;
  CustomerRepairOptions repair;

  // For logs and metrics; thread-safe, quick, and may be called from the module's threads.
  std::function<void(const feed::ConsumerFailure&)> on_consumer_failure;
  OnJobFailure on_job_failure;
  OnEvent on_event;
  std::function<void(const PendingCounts&)> on_pending;  // now and then
};

// Every migration of complaints' database, those of the feed and of idempotency included,
// ascending.
std::vector<sql::Migration> ComplaintsMigrations();

// Thread-safe after construction.
class ComplaintsModule {
 public:
  // `pipeline` outlives the module.
  ComplaintsModule(const ComplaintsParts& parts, rpc::CallPipeline& pipeline);
  // Stops.
  ~ComplaintsModule();
  ComplaintsModule(const ComplaintsModule&) = delete;
  ComplaintsModule& operator=(const ComplaintsModule&) = delete;

  // ComplaintService, valid as long as the module.
  std::vector<rpc::ServedService> Services();

  // Begins to follow loyalty's feed, to execute remedies and to repair. Once only.
  void Start();

  // Ends these at a safe point; what is under way is taken up at the next start. Blocks,
  // idempotent.
  void Stop();

  // How far the feed of loyalty has been followed.
  const feed::ConsumerStatusSource& consumer_status() const;

  // OK when the database answers and the consumer has not given up; else why not. It does not wait
  // for profile and loyalty: complaints works without them.
  absl::Status CheckReady() const;

  // Forgets answers beyond their retention; for the server to call now and then.
  absl::Status Tidy();

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_COMPLAINTS_MODULE_H_
