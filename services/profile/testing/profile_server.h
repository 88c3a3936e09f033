#ifndef SERVICES_PROFILE_TESTING_PROFILE_SERVER_H_
#define SERVICES_PROFILE_TESTING_PROFILE_SERVER_H_

// Profile's module behind the real wrapper, reached through a channel within the process.

#include <grpcpp/channel.h>

#include <memory>

#include "common/cache/testing/process_cache.h"
#include "common/crypto/key_ring.h"
#include "common/crypto/secret_key.h"
#include "common/rpc/testing/in_process_server.h"
#include "common/rpc/testing/test_pipeline.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "services/profile/profile_module.h"

namespace clientele::profile {

// On SQLite in memory; business time is TestBusinessTime. Not thread-safe; its channels are.
class ProfileServer {
 public:
  ProfileServer();

  std::shared_ptr<grpc::Channel> Connect() { return server_.Connect(); }
  sql::Database& database() { return *database_; }

 private:
  const FakeClock business_clock_;
  const SecretKey key_;
  const KeyRing key_ring_;
  const std::unique_ptr<sql::Database> database_;
  rpc::TestPipeline parts_;
  cache::ProcessCache cache_;
  ProfileModule module_;
  rpc::InProcessServer server_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_TESTING_PROFILE_SERVER_H_
