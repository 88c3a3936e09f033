#include "bench/empty_service.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/empty_service.pb.h"
#include "common/feed/migrations.h"
#include "common/key_check/migrations.h"
#include "common/rpc/call_context.h"
#include "common/rpc/grpc_service.h"
#include "common/server/service_runtime.h"
#include "common/sql/migration.h"

namespace clientele::bench {
namespace {

constexpr char kServiceName[] = "clientele.bench.v1.EmptyService";

// Thread-safe, as it has nothing.
class EmptyHandlers {
 public:
  absl::StatusOr<v1::GetResponse> Get(rpc::CallContext&, const v1::GetRequest&) const {
    return v1::GetResponse();
  }
  std::optional<absl::StatusOr<v1::GetResponse>> TryGet(rpc::CallContext&,
                                                        const v1::GetRequest&) const {
    return v1::GetResponse();
  }
};

class EmptyGrpcService final : public rpc::GrpcService {
 public:
  explicit EmptyGrpcService(rpc::CallPipeline& pipeline) : GrpcService(pipeline, kServiceName) {
    AddUnary("Get", handlers_, &EmptyHandlers::Get, &EmptyHandlers::TryGet);
  }

 private:
  EmptyHandlers handlers_;
};

class EmptyModule final : public server::ServiceModule {
 public:
  explicit EmptyModule(rpc::CallPipeline& pipeline) : service_(pipeline) {}

  std::vector<rpc::ServedService> Services() override { return {{kServiceName, service_}}; }
  std::vector<const feed::ConsumerStatusSource*> Consumers() override { return {}; }
  void Start() override {}
  void Stop() override {}
  absl::StatusOr<int64_t> Tidy() override { return 0; }

 private:
  EmptyGrpcService service_;
};

}  // namespace

server::ServiceDefinition EmptyDefinition() {
  return {.service = "empty",
          .grpc_services = {kServiceName, "clientele.common.v1.AuditService",
                            "clientele.common.v1.EventService"},
          .migrations = sql::MergeMigrations({feed::Migrations(), key_check::Migrations()}),
          .make_module = [](server::ServiceRuntime& runtime) {
            return std::make_unique<EmptyModule>(runtime.pipeline());
          }};
}

}  // namespace clientele::bench
