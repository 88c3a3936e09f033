#include "common/rpc/testing/in_process_server.h"

#include <grpcpp/server_builder.h>

#include "absl/time/time.h"
#include "common/status/macros.h"

namespace clientele::rpc {

InProcessServer::InProcessServer(CallPipeline& pipeline, const std::vector<ServedService>& services)
    : pipeline_(pipeline) {
  grpc::ServerBuilder builder;
  for (const ServedService& served : services) {
    served.service.CheckIsComplete();
    builder.RegisterService(&served.service);
  }
  server_ = builder.BuildAndStart();
  CLIENTELE_CHECK(server_ != nullptr);
}

InProcessServer::~InProcessServer() {
  pipeline_.open_calls().StartDraining();
  CLIENTELE_CHECK(pipeline_.open_calls().WaitUntilNone(absl::Minutes(1)));
  server_->Shutdown();
}

std::shared_ptr<grpc::Channel> InProcessServer::Connect() { return server_->InProcessChannel({}); }

}  // namespace clientele::rpc
