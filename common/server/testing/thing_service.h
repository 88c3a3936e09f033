#ifndef COMMON_SERVER_TESTING_THING_SERVICE_H_
#define COMMON_SERVER_TESTING_THING_SERVICE_H_

// For tests only: a service that has nothing but its feed.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "common/feed/migrations.h"
#include "common/key_check/migrations.h"
#include "common/rpc/client.h"
#include "common/server/service_module.h"
#include "common/sql/migration.h"
#include "common/status/error.h"

namespace clientele::server {

class EmptyModule : public ServiceModule {
 public:
  std::vector<rpc::ServedService> Services() override { return {}; }
  std::vector<const feed::ConsumerStatusSource*> Consumers() override { return {}; }
  void Start() override {}
  void Stop() override {}
  absl::StatusOr<int64_t> Tidy() override { return 0; }
};

inline ServiceDefinition ThingDefinition() {
  return {.service = "thing",
          .grpc_services = {"clientele.common.v1.AuditService", "clientele.common.v1.EventService"},
          .migrations = sql::MergeMigrations({feed::Migrations(), key_check::Migrations()}),
          .make_module = [](ServiceRuntime&) { return std::make_unique<EmptyModule>(); }};
}

// The reason that GetFeedHead at `address` is refused for; "" when it is not.
inline std::string RefusalOf(const std::string& address) {
  const auto stub = common::v1::EventService::NewStub(rpc::Connect(address));
  const auto head = rpc::CallUnary<common::v1::FeedHead>(
      rpc::NewCall(absl::Minutes(1)),
      [&](grpc::ClientContext* context, common::v1::FeedHead* response) {
        return stub->GetFeedHead(context, {}, response);
      });
  return GetErrorReason(head.status());
}

}  // namespace clientele::server

#endif  // COMMON_SERVER_TESTING_THING_SERVICE_H_
