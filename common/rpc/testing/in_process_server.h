#ifndef COMMON_RPC_TESTING_IN_PROCESS_SERVER_H_
#define COMMON_RPC_TESTING_IN_PROCESS_SERVER_H_

// Services behind the real wrapper, reached through channels within the process: no port is taken.

#include <grpcpp/channel.h>
#include <grpcpp/server.h>

#include <memory>
#include <vector>

#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"

namespace clientele::rpc {

// Not thread-safe; its channels are.
class InProcessServer {
 public:
  // `pipeline` and the services outlive it. Aborts when gRPC does not start.
  InProcessServer(CallPipeline& pipeline, const std::vector<ServedService>& services);

  // Drains and ends every call first; aborts when one does not end within a minute.
  ~InProcessServer();
  InProcessServer(const InProcessServer&) = delete;
  InProcessServer& operator=(const InProcessServer&) = delete;

  std::shared_ptr<grpc::Channel> Connect();

 private:
  CallPipeline& pipeline_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_TESTING_IN_PROCESS_SERVER_H_
