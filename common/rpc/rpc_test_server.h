#ifndef COMMON_RPC_RPC_TEST_SERVER_H_
#define COMMON_RPC_RPC_TEST_SERVER_H_

// For the tests of this folder: a server on a free port whose handlers are given by the test.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "clientele/common/v1/event_service.grpc.pb.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "common/executor/executor.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_server.h"
#include "common/rpc/service_calls.h"

namespace clientele::rpc {

namespace events = clientele::common::v1;
namespace purchases = clientele::profile::v1;

using WatchSession = ServerStreamSession<events::WatchEventsResponse>;
using ImportSession =
    BidiSession<purchases::ImportPurchasesRequest, purchases::ImportPurchasesResponse>;

// Remembers what it was told, and lets a test wait for it. Thread-safe.
class RecordingObserver final : public CallObserver, public CallLog {
 public:
  void OnStarted(const Method& method) override;
  void OnMessageReceived(const Method& method) override;
  void OnMessageSent(const Method& method) override;
  void OnHandled(const CallSummary& summary) override;
  void Write(const CallSummary& summary) override;

  // Waits until `event` ("started", "received", "sent", "handled", "logged") was told `count`
  // times.
  void WaitFor(const std::string& event, int count);
  int count(const std::string& event) const;
  // "started GetFeedHead", …, in order.
  std::vector<std::string> story() const;
  std::vector<CallSummary> logged() const;

 private:
  void Tell(const std::string& event, const Method& method);

  mutable std::mutex mutex_;
  std::condition_variable told_;
  std::map<std::string, int> counts_;
  std::vector<std::string> story_;
  std::vector<CallSummary> logged_;
};

// Answers as told; thread-safe to call, to be changed between calls only.
class FakeIdentity final : public Authenticator, public Authorizer {
 public:
  absl::StatusOr<std::string> Authenticate(const grpc::CallbackServerContext&) override {
    return principal;
  }
  bool IsAllowed(absl::string_view, absl::string_view permission) override {
    return permission != denied_permission;
  }
  absl::StatusOr<std::string> principal = "local";
  std::string denied_permission;
};

// What the services do; unset handlers must not be called.
struct FakeHandlers {
  std::function<absl::StatusOr<events::FeedHead>(CallContext&)> get_feed_head;
  std::function<absl::StatusOr<purchases::RecordPurchasesResponse>(
      CallContext&, const purchases::RecordPurchasesRequest&)>
      record_purchases;
  std::function<absl::StatusOr<std::unique_ptr<WatchSession>>(CallContext&)> watch_events;
  std::function<absl::StatusOr<std::unique_ptr<ImportSession>>(CallContext&)> import_purchases;
};

class FakeEventService final : public events::EventService::CallbackService {
 public:
  FakeEventService(CallPipeline& pipeline, FakeHandlers& handlers);
  grpc::ServerUnaryReactor* GetFeedHead(grpc::CallbackServerContext* context,
                                        const events::GetFeedHeadRequest* request,
                                        events::FeedHead* response) override;
  grpc::ServerWriteReactor<events::WatchEventsResponse>* WatchEvents(
      grpc::CallbackServerContext* context, const events::WatchEventsRequest* request) override;

 private:
  FakeHandlers& handlers_;
  ServiceCalls calls_;
};

class FakePurchaseService final : public purchases::PurchaseService::CallbackService {
 public:
  FakePurchaseService(CallPipeline& pipeline, FakeHandlers& handlers);
  grpc::ServerUnaryReactor* RecordPurchases(grpc::CallbackServerContext* context,
                                            const purchases::RecordPurchasesRequest* request,
                                            purchases::RecordPurchasesResponse* response) override;
  grpc::ServerBidiReactor<purchases::ImportPurchasesRequest, purchases::ImportPurchasesResponse>*
  ImportPurchases(grpc::CallbackServerContext* context) override;

 private:
  FakeHandlers& handlers_;
  ServiceCalls calls_;
};

// The whole of a server, wired as main.cc does it. Set `handlers` before the first call.
class TestServer {
 public:
  explicit TestServer(const Executor::Options& executor_options = {.thread_count = 2},
                      const RpcServerOptions& server_options = {},
                      const Clock* clock = nullptr);  // null = the machine's

  // A new channel of its own connection.
  std::shared_ptr<grpc::Channel> NewChannel() const;

  SystemClock system_clock;
  UuidV7Generator uuids;
  RecordingObserver observer;
  FakeIdentity identity;
  FakeHandlers handlers;
  Executor executor;
  CallPipeline pipeline;
  FakeEventService event_service;
  FakePurchaseService purchase_service;
  std::unique_ptr<RpcServer> server;
  std::unique_ptr<events::EventService::Stub> event_stub;
  std::unique_ptr<purchases::PurchaseService::Stub> purchase_stub;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_RPC_TEST_SERVER_H_
