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
    : GrpcService(pipeline, "clientele.echo.v1.EchoService"), handlers_(handlers) {
  AddUnary("Echo", *this, &FakeEchoService::Echo, &FakeEchoService::EchoNow);
  AddUnary("Save", *this, &FakeEchoService::Save);
  AddServerStream<pb::WatchRequest, pb::WatchResponse>(
      "Watch",
      [this](CallContext& call, const pb::WatchRequest&) { return handlers_.watch(call); });
  AddBidi<pb::ExchangeRequest, pb::ExchangeResponse>(
      "Exchange", [this](CallContext& call) { return handlers_.exchange(call); });
}

absl::StatusOr<pb::EchoResponse> FakeEchoService::Echo(CallContext& call,
                                                       const pb::EchoRequest&) const {
  return handlers_.echo(call);
}

std::optional<absl::StatusOr<pb::EchoResponse>> FakeEchoService::EchoNow(
    CallContext& call, const pb::EchoRequest&) const {
  return handlers_.echo_now == nullptr ? std::nullopt : handlers_.echo_now(call);
}

absl::StatusOr<pb::SaveResponse> FakeEchoService::Save(CallContext& call,
                                                       const pb::SaveRequest&) const {
  return handlers_.save(call);
}

EchoServer::EchoServer(const Executor::Options& executor_options,
                       const RpcServerOptions& server_options, const Clock* clock, CallAudit* audit)
    : executor(executor_options),
      pipeline({.service = "echo",
                .executor = executor,
                .clock = clock != nullptr ? *clock : system_clock,
                .uuids = uuids,
                .log = observer,
                .observer = observer,
                .authenticator = identity,
                .quota = quota,
                .audit = audit}),
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
