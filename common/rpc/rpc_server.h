#ifndef COMMON_RPC_RPC_SERVER_H_
#define COMMON_RPC_RPC_SERVER_H_

// A gRPC server: the services given to it, health (Check and Watch), reflection v1 and v1alpha, and
// an orderly end.
//
//   CLIENTELE_ASSIGN_OR_RETURN(auto server, RpcServer::Start(options, pipeline, {
//       {"clientele.profile.v1.CustomerService", customer_service},
//       {"clientele.common.v1.EventService", event_service}}));
//   … until SIGTERM …
//   server->Shutdown();
//
// Thread safety: thread-safe. Services and pipeline must outlive it.

#include <grpcpp/impl/service_type.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/bind_address.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/grpc_service.h"
#include "common/rpc/limits.h"

namespace clientele::rpc {

struct RpcServerOptions {
  std::string bind_address = "127.0.0.1:0";
  // TLS (common/tls/server_tls.h); null = unencrypted.
  std::shared_ptr<grpc::ServerCredentials> credentials = nullptr;
  // Beyond loopback a server wants credentials and authentication unless it is told to be insecure
  // (CheckMayListen).
  bool authenticates = false;
  bool insecure = false;
  // How long a server that is shutting down goes on taking calls while it says it is unhealthy, so
  // that load balancers turn away first.
  absl::Duration drain_delay = absl::ZeroDuration();
  // How long calls may then still run before they are cancelled; those that wait for a thread are
  // refused (SHUTTING_DOWN) after half of it.
  absl::Duration shutdown_grace = absl::Seconds(10);
  int message_bytes_max = kMessageBytesMax;
  // Connections end after this, so that new replicas get traffic; calls on them may go on for the
  // grace time.
  absl::Duration connection_age_max = absl::Minutes(30);
  absl::Duration connection_age_grace = absl::Minutes(5);
};

// A service with the name it has in its .proto file.
struct ServedService {
  std::string full_name;
  GrpcService& service;
};

class RpcServer {
 public:
  // Listens and serves; health says SERVING for each name and for "". The error is a sentence: the
  // address is malformed, taken, or not protected enough to listen on; or a service is unknown.
  static absl::StatusOr<std::unique_ptr<RpcServer>> Start(
      const RpcServerOptions& options, CallPipeline& pipeline,
      const std::vector<ServedService>& services);

  // As Shutdown.
  ~RpcServer();
  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;

  // With the port that was bound: "127.0.0.1:40321".
  std::string address() const { return address_.ToString(); }
  int port() const { return address_.port; }

  // What health answers from now on, until Shutdown. Calls are served in either case.
  void SetHealthy(bool healthy);

  // Says NOT_SERVING, waits for drain_delay, then takes no more calls (SHUTTING_DOWN), tells
  // streams to end, and returns when no call is left or shutdown_grace has passed and the rest is
  // cancelled. A handler that ignores its cancellation is waited for. Blocks; idempotent.
  void Shutdown();

  // Ends a Shutdown's wait for drain_delay now; from a second signal, say.
  void SkipDrainDelay();

 private:
  RpcServer(const RpcServerOptions& options, CallPipeline& pipeline, BindAddress address);

  absl::Status Listen(const std::vector<ServedService>& services);
  void WaitForDrainDelay();
  void EndCalls();

  const RpcServerOptions options_;
  CallPipeline& pipeline_;
  BindAddress address_;
  std::vector<std::unique_ptr<grpc::Service>> own_services_;  // reflection
  std::vector<GrpcService*> services_;                        // served until Shutdown
  std::unique_ptr<grpc::Server> server_;
  std::mutex shutdown_mutex_;  // held during Shutdown
  bool shut_down_ = false;     // guarded by shutdown_mutex_
  std::mutex drain_mutex_;
  std::condition_variable drain_skipped_;
  bool skip_drain_delay_ = false;  // guarded by drain_mutex_
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_RPC_SERVER_H_
