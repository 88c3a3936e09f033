#include "common/rpc/testing/echo_server.h"

#include <grpcpp/create_channel.h>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::rpc {

void RecordingObserver::OnStarted(const Method& method) { Tell("started", method); }
void RecordingObserver::OnMessageReceived(const Method& method) { Tell("received", method); }
void RecordingObserver::OnMessageSent(const Method& method) { Tell("sent", method); }
void RecordingObserver::OnHandled(const CallSummary& summary) { Tell("handled", summary.method); }

void RecordingObserver::Write(const CallSummary& summary) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    logged_.push_back(summary);
  }
  Tell("logged", summary.method);
}

void RecordingObserver::Tell(const std::string& event, const Method& method) {
  std::lock_guard<std::mutex> lock(mutex_);
  ++counts_[event];
  story_.push_back(absl::StrCat(event, " ", method.name));
  told_.notify_all();
}

void RecordingObserver::WaitFor(const std::string& event, int count) {
  std::unique_lock<std::mutex> lock(mutex_);
  told_.wait(lock, [&] { return counts_[event] >= count; });
}

int RecordingObserver::count(const std::string& event) const {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = counts_.find(event);
  return found == counts_.end() ? 0 : found->second;
}

std::vector<std::string> RecordingObserver::story() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return story_;
}

std::vector<CallSummary> RecordingObserver::logged() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return logged_;
}

FakeEchoService::FakeEchoService(CallPipeline& pipeline, FakeHandlers& handlers)
    : handlers_(handlers), calls_(pipeline, "clientele.echo.v1.EchoService") {}

grpc::ServerUnaryReactor* FakeEchoService::Echo(grpc::CallbackServerContext* context,
                                                const pb::EchoRequest* request,
                                                pb::EchoResponse* response) {
  return calls_.Unary(
      "Echo", context, request, response,
      [this](CallContext& call, const pb::EchoRequest&) { return handlers_.echo(call); });
}

grpc::ServerUnaryReactor* FakeEchoService::Save(grpc::CallbackServerContext* context,
                                                const pb::SaveRequest* request,
                                                pb::SaveResponse* response) {
  return calls_.Unary(
      "Save", context, request, response,
      [this](CallContext& call, const pb::SaveRequest&) { return handlers_.save(call); });
}

grpc::ServerWriteReactor<pb::WatchResponse>* FakeEchoService::Watch(
    grpc::CallbackServerContext* context, const pb::WatchRequest* request) {
  return calls_.ServerStream<pb::WatchRequest, pb::WatchResponse>(
      "Watch", context, request,
      [this](CallContext& call, const pb::WatchRequest&) { return handlers_.watch(call); });
}

grpc::ServerBidiReactor<pb::ExchangeRequest, pb::ExchangeResponse>* FakeEchoService::Exchange(
    grpc::CallbackServerContext* context) {
  return calls_.Bidi<pb::ExchangeRequest, pb::ExchangeResponse>(
      "Exchange", context, [this](CallContext& call) { return handlers_.exchange(call); });
}

EchoServer::EchoServer(const Executor::Options& executor_options,
                       const RpcServerOptions& server_options, const Clock* clock)
    : executor(executor_options),
      pipeline({.service = "echo",
                .executor = executor,
                .clock = clock != nullptr ? *clock : system_clock,
                .uuids = uuids,
                .log = observer,
                .observer = observer,
                .authenticator = identity,
                .authorizer = identity}),
      service(pipeline, handlers) {
  auto started =
      RpcServer::Start(server_options, pipeline, {{"clientele.echo.v1.EchoService", service}});
  CLIENTELE_CHECK(started.ok());
  server = *std::move(started);
  stub = pb::EchoService::NewStub(NewChannel());
}

std::shared_ptr<grpc::Channel> EchoServer::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(server->address(), grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace clientele::rpc
