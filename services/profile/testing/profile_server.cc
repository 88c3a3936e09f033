#include "services/profile/testing/profile_server.h"

#include <grpcpp/server_builder.h>

#include <string>

#include "gtest/gtest.h"
#include "services/profile/testing/api_fixture.h"
#include "services/profile/testing/test_database.h"

namespace clientele::profile {
ProfileServer::ProfileServer()
    : business_clock_(TestBusinessTime()),
      key_(*SecretKey::FromBytes(std::string(kSecretKeyBytes, 'k'))),
      database_(OpenTestDatabase()),
      executor_({.thread_count = 4}),
      pipeline_({.service = "profile",
                 .executor = executor_,
                 .clock = clock_,
                 .uuids = ids_,
                 .log = log_,
                 .observer = observer_,
                 .authenticator = authenticator_,
                 .authorizer = authorizer_}),
      module_({.database = *database_,
               .business_clock = business_clock_,
               .record_clock = clock_,
               .ids = ids_,
               .key = key_,
               .idempotency_retention = absl::Hours(24 * 7),
               .poke_outbox = [] {}},
              pipeline_) {
  grpc::ServerBuilder builder;
  for (const rpc::ServedService& served : module_.Services()) {
    builder.RegisterService(&served.service);
  }
  server_ = builder.BuildAndStart();
  EXPECT_NE(server_, nullptr);
}

ProfileServer::~ProfileServer() {
  pipeline_.open_calls().StartDraining();
  EXPECT_TRUE(pipeline_.open_calls().WaitUntilNone(absl::Minutes(1)));
  server_->Shutdown();
}

std::shared_ptr<grpc::Channel> ProfileServer::Connect() { return server_->InProcessChannel({}); }

}  // namespace clientele::profile
