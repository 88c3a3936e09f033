#ifndef SERVICES_PROFILE_TESTING_PROFILE_SERVER_H_
#define SERVICES_PROFILE_TESTING_PROFILE_SERVER_H_

// Profile's module behind the real wrapper, reached through a channel within the process.

#include <grpcpp/channel.h>
#include <grpcpp/server.h>

#include <memory>

#include "common/crypto/secret_key.h"
#include "common/executor/executor.h"
#include "common/ids/uuid.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/identity.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "services/profile/profile_module.h"

namespace clientele::profile {

// On SQLite in memory; business time is TestBusinessTime. Not thread-safe; its channels are.
class ProfileServer {
 public:
  ProfileServer();

  // Ends every call first.
  ~ProfileServer();

  std::shared_ptr<grpc::Channel> Connect();
  sql::Database& database() { return *database_; }

 private:
  class QuietLog final : public rpc::CallLog {
   public:
    void Write(const rpc::CallSummary&) override {}
  };
  class QuietObserver final : public rpc::CallObserver {
   public:
    void OnStarted(const rpc::Method&) override {}
    void OnMessageReceived(const rpc::Method&) override {}
    void OnMessageSent(const rpc::Method&) override {}
    void OnHandled(const rpc::CallSummary&) override {}
  };

  const SystemClock clock_;
  const FakeClock business_clock_;
  UuidV7Generator ids_;
  const SecretKey key_;
  QuietLog log_;
  QuietObserver observer_;
  rpc::LocalAuthenticator authenticator_;
  rpc::LocalAuthorizer authorizer_;
  const std::unique_ptr<sql::Database> database_;
  Executor executor_;
  rpc::CallPipeline pipeline_;
  ProfileModule module_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_TESTING_PROFILE_SERVER_H_
