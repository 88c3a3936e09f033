#include "common/rpc/rpc_server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/grpc.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/reflection_service.h"
#include "common/status/macros.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"

namespace clientele::rpc {
namespace {

namespace reflection_v1 = grpc::reflection::v1;
namespace reflection_v1alpha = grpc::reflection::v1alpha;

using ReflectionV1 = ReflectionService<reflection_v1::ServerReflectionRequest,
                                       reflection_v1::ServerReflectionResponse>;
using ReflectionV1Alpha = ReflectionService<reflection_v1alpha::ServerReflectionRequest,
                                            reflection_v1alpha::ServerReflectionResponse>;

// Sets the process-wide switches of the libraries, which are not thread-safe.
void SetUpLibraries() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    // Else any caller can fill standard error, which has the log, with what protobuf thinks of text
    // that is not UTF-8. The refusal is counted and logged as MALFORMED_MESSAGE.
    google::protobuf::SetLogHandler(nullptr);
    // Debian's Abseil looks for circles of waiting at each lock of gRPC's, under one lock for all
    // of the process: a sixth of what a cached read costs.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  });
}

int ToMilliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

void SetTransportLimits(const RpcServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.message_bytes_max);
  builder.SetMaxSendMessageSize(options.message_bytes_max);
  // Without this two servers share a port and each gets some of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kCallsPerConnectionMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kHeaderBytesMax);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             ToMilliseconds(kHandshakeTimeMax));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, ToMilliseconds(kConnectionIdleMax));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             ToMilliseconds(options.connection_age_max));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             ToMilliseconds(options.connection_age_grace));
  // Finds dead peers within 80 s, and hangs up on peers that ping more often than every 10 s.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, ToMilliseconds(absl::Minutes(1)));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, ToMilliseconds(absl::Seconds(20)));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             ToMilliseconds(absl::Seconds(10)));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

}  // namespace

RpcServer::RpcServer(const RpcServerOptions& options, CallPipeline& pipeline, BindAddress address)
    : options_(options), pipeline_(pipeline), address_(std::move(address)) {}

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(
    const RpcServerOptions& options, CallPipeline& pipeline,
    const std::vector<ServedService>& services) {
  CLIENTELE_ASSIGN_OR_RETURN(BindAddress address, ParseBindAddress(options.bind_address));
  CLIENTELE_RETURN_IF_ERROR(CheckMayListen(address, {.is_encrypted = options.credentials != nullptr,
                                                     .authenticates = options.authenticates,
                                                     .is_waived = options.insecure}));
  std::unique_ptr<RpcServer> server(new RpcServer(options, pipeline, std::move(address)));
  CLIENTELE_RETURN_IF_ERROR(server->Listen(services));
  for (const ServedService& served : services) {
    server->server_->GetHealthCheckService()->SetServingStatus(served.full_name, true);
  }
  server->SetHealthy(true);
  return server;
}

RpcServer::~RpcServer() { Shutdown(); }

absl::Status RpcServer::Listen(const std::vector<ServedService>& services) {
  SetUpLibraries();
  grpc::ServerBuilder builder;
  SetTransportLimits(options_, builder);
  builder.SetResourceQuota(grpc::ResourceQuota("server").Resize(kTransportBytesMax));
  std::vector<std::string> names;
  for (const ServedService& served : services) {
    CLIENTELE_RETURN_IF_ERROR(LoadMethods(served.full_name).status());
    served.service.CheckIsComplete();
    names.push_back(served.full_name);
    builder.RegisterService(&served.service);
  }
  names.emplace_back(reflection_v1::ServerReflection::service_full_name());
  names.emplace_back(reflection_v1alpha::ServerReflection::service_full_name());
  own_services_.push_back(std::make_unique<ReflectionV1>(names, pipeline_.error_domain()));
  own_services_.push_back(std::make_unique<ReflectionV1Alpha>(names, pipeline_.error_domain()));
  for (const auto& service : own_services_) {
    builder.RegisterService(service.get());
  }
  int bound_port = 0;
  builder.AddListeningPort(
      address_.ToString(),
      options_.credentials != nullptr ? options_.credentials : grpc::InsecureServerCredentials(),
      &bound_port);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || bound_port == 0) {
    return ExplainBindFailure(address_);
  }
  address_.port = bound_port;
  for (const ServedService& served : services) {
    served.service.SetServed(true);
    services_.push_back(&served.service);
  }
  return absl::OkStatus();
}

void RpcServer::SetHealthy(bool healthy) {
  server_->GetHealthCheckService()->SetServingStatus(healthy);
}

void RpcServer::Shutdown() {
  std::lock_guard<std::mutex> lock(shutdown_mutex_);
  if (shut_down_ || server_ == nullptr) {
    return;
  }
  shut_down_ = true;
  server_->GetHealthCheckService()->Shutdown();
  WaitForDrainDelay();
  pipeline_.open_calls().StartDraining();
  EndCalls();
  for (GrpcService* service : services_) {
    service->SetServed(false);
  }
}

void RpcServer::SkipDrainDelay() {
  {
    std::lock_guard<std::mutex> lock(drain_mutex_);
    skip_drain_delay_ = true;
  }
  drain_skipped_.notify_all();
}

void RpcServer::WaitForDrainDelay() {
  std::unique_lock<std::mutex> lock(drain_mutex_);
  drain_skipped_.wait_for(lock, absl::ToChronoMilliseconds(options_.drain_delay),
                          [this] { return skip_drain_delay_; });
}

void RpcServer::EndCalls() {
  // gRPC's Shutdown sends GOAWAY and waits for every call, those of health watchers included, which
  // never end by themselves. So once none of ours is left, and what they sent has had time to reach
  // the network, the others are cancelled. Calls that still wait for their turn after half of the
  // grace time are told to go elsewhere, while there is time to tell them.
  std::promise<void> ended;
  std::thread canceller([this, all_ended = ended.get_future()] {
    OpenCalls& calls = pipeline_.open_calls();
    bool none_left = calls.WaitUntilNone(options_.shutdown_grace / 2);
    if (!none_left) {
      calls.RefuseQueued();
      none_left = calls.WaitUntilNone(options_.shutdown_grace / 2);
    }
    if (none_left &&
        all_ended.wait_for(absl::ToChronoMilliseconds(kFlushTime)) == std::future_status::timeout) {
      grpc_server_cancel_all_calls(server_->c_server());
    }
  });
  server_->Shutdown(std::chrono::system_clock::now() +
                    absl::ToChronoMilliseconds(options_.shutdown_grace));
  ended.set_value();
  canceller.join();
}

}  // namespace clientele::rpc
