#include "common/rpc/rpc_test_server.h"

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

FakeEventService::FakeEventService(CallPipeline& pipeline, FakeHandlers& handlers)
    : handlers_(handlers), calls_(pipeline, "clientele.common.v1.EventService") {}

grpc::ServerUnaryReactor* FakeEventService::GetFeedHead(grpc::CallbackServerContext* context,
                                                        const events::GetFeedHeadRequest* request,
                                                        events::FeedHead* response) {
  return calls_.Unary("GetFeedHead", context, request, response,
                      [this](CallContext& call, const events::GetFeedHeadRequest&) {
                        return handlers_.get_feed_head(call);
                      });
}

grpc::ServerWriteReactor<events::WatchEventsResponse>* FakeEventService::WatchEvents(
    grpc::CallbackServerContext* context, const events::WatchEventsRequest* request) {
  return calls_.ServerStream<events::WatchEventsRequest, events::WatchEventsResponse>(
      "WatchEvents", context, request,
      [this](CallContext& call, const events::WatchEventsRequest&) {
        return handlers_.watch_events(call);
      });
}

FakePurchaseService::FakePurchaseService(CallPipeline& pipeline, FakeHandlers& handlers)
    : handlers_(handlers), calls_(pipeline, "clientele.profile.v1.PurchaseService") {}

grpc::ServerUnaryReactor* FakePurchaseService::RecordPurchases(
    grpc::CallbackServerContext* context, const purchases::RecordPurchasesRequest* request,
    purchases::RecordPurchasesResponse* response) {
  return calls_.Unary("RecordPurchases", context, request, response,
                      [this](CallContext& call, const purchases::RecordPurchasesRequest& r) {
                        return handlers_.record_purchases(call, r);
                      });
}

grpc::ServerBidiReactor<purchases::ImportPurchasesRequest, purchases::ImportPurchasesResponse>*
FakePurchaseService::ImportPurchases(grpc::CallbackServerContext* context) {
  return calls_.Bidi<purchases::ImportPurchasesRequest, purchases::ImportPurchasesResponse>(
      "ImportPurchases", context,
      [this](CallContext& call) { return handlers_.import_purchases(call); });
}

TestServer::TestServer(const Executor::Options& executor_options,
                       const RpcServerOptions& server_options, const Clock* clock)
    : executor(executor_options),
      pipeline({.service = "profile",
                .executor = executor,
                .clock = clock != nullptr ? *clock : system_clock,
                .uuids = uuids,
                .log = observer,
                .observer = observer,
                .authenticator = identity,
                .authorizer = identity}),
      event_service(pipeline, handlers),
      purchase_service(pipeline, handlers) {
  auto started = RpcServer::Start(server_options, pipeline,
                                  {{"clientele.common.v1.EventService", event_service},
                                   {"clientele.profile.v1.PurchaseService", purchase_service}});
  CLIENTELE_CHECK(started.ok());
  server = *std::move(started);
  event_stub = events::EventService::NewStub(NewChannel());
  purchase_stub = purchases::PurchaseService::NewStub(NewChannel());
}

std::shared_ptr<grpc::Channel> TestServer::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(server->address(), grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace clientele::rpc
