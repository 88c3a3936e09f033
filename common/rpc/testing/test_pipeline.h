#ifndef COMMON_RPC_TESTING_TEST_PIPELINE_H_
#define COMMON_RPC_TESTING_TEST_PIPELINE_H_

// What a server consists of beside its services, for tests of services.

#include <string>

#include "common/executor/executor.h"
#include "common/ids/uuid.h"
#include "common/rpc/call_audit.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/call_quota.h"
#include "common/rpc/identity.h"
#include "common/time/clock.h"

namespace clientele::rpc {

// A pipeline on the machine's clock whose log and metrics nobody reads. Outlives its server.
// Thread-safe.
class TestPipeline {
 public:
  // Errors have the domain "<service>.clientele". `audit` (null: nothing is audited) outlives it.
  explicit TestPipeline(const std::string& service, CallAudit* audit = nullptr);

  CallPipeline& pipeline() { return pipeline_; }
  const Clock& clock() const { return clock_; }
  UuidV7Generator& ids() { return ids_; }

 private:
  class NoReports final : public CallLog, public CallObserver {
   public:
    void Write(const CallSummary&) override {}
    void OnStarted(const Method&) override {}
    void OnMessageReceived(const Method&) override {}
    void OnMessageSent(const Method&) override {}
    void OnHandled(const CallSummary&) override {}
  };

  const SystemClock clock_;
  UuidV7Generator ids_;
  NoReports reports_;
  LocalAuthenticator authenticator_;
  NoCallQuota quota_;
  Executor executor_;
  CallPipeline pipeline_;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_TESTING_TEST_PIPELINE_H_
