#ifndef COMMON_RPC_TESTING_ECHO_SERVER_H_
#define COMMON_RPC_TESTING_ECHO_SERVER_H_

// For the tests of this folder: a server on a free port whose handlers are given by the test.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/executor/executor.h"
#include "common/rpc/call_audit.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/call_quota.h"
#include "common/rpc/grpc_service.h"
#include "common/rpc/rpc_server.h"
#include "common/rpc/testing/echo_service.grpc.pb.h"

namespace clientele::rpc {

namespace pb = clientele::echo::v1;

using WatchSession = ServerStreamSession<pb::WatchResponse>;
using ExchangeSession = BidiSession<pb::ExchangeRequest, pb::ExchangeResponse>;

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
  // "started Echo", …, in order.
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
class FakeIdentity final : public Authenticator {
 public:
  absl::StatusOr<std::shared_ptr<const Caller>> Authenticate(
      const grpc::CallbackServerContext& call) override {
    const auto header = call.client_metadata().find("authorization");
    authorization = header == call.client_metadata().end()
                        ? ""
                        : std::string(header->second.data(), header->second.size());
    if (!principal.ok()) {
      return principal.status();
    }
    return std::make_shared<const Caller>(*principal, permissions);
  }
  absl::StatusOr<std::string> principal = "local";
  std::vector<std::string> permissions = {"*"};
  std::string authorization;  // of the last call
};

// Refuses for as long as told; thread-safe to call, to be changed between calls only.
class FakeQuota final : public CallQuota {
 public:
  absl::Duration Take(absl::string_view principal, int64_t cost) override {
    taken = absl::StrCat(principal, " ", cost);
    return wait;
  }
  void GiveBack(absl::string_view principal, int64_t cost) override {
    given_back = absl::StrCat(principal, " ", cost);
  }
  absl::Duration wait = absl::ZeroDuration();
  std::string taken;       // by the last call: "local 1"
  std::string given_back;  // likewise
};

// What the services do; unset handlers must not be called.
struct FakeHandlers {
  std::function<absl::StatusOr<pb::EchoResponse>(CallContext&)> echo;
  // Unset = Echo is never answered at once.
  std::function<std::optional<absl::StatusOr<pb::EchoResponse>>(CallContext&)> echo_now;
  std::function<absl::StatusOr<pb::SaveResponse>(CallContext&)> save;
  std::function<absl::StatusOr<std::unique_ptr<WatchSession>>(CallContext&)> watch;
  std::function<absl::StatusOr<std::unique_ptr<ExchangeSession>>(CallContext&)> exchange;
};

class FakeEchoService final : public GrpcService {
 public:
  FakeEchoService(CallPipeline& pipeline, FakeHandlers& handlers);

 private:
  absl::StatusOr<pb::EchoResponse> Echo(CallContext& call, const pb::EchoRequest& request) const;
  std::optional<absl::StatusOr<pb::EchoResponse>> EchoNow(CallContext& call,
                                                          const pb::EchoRequest& request) const;
  absl::StatusOr<pb::SaveResponse> Save(CallContext& call, const pb::SaveRequest& request) const;

  FakeHandlers& handlers_;
};

// The whole of a server, wired as main.cc does it. Set `handlers` before the first call.
class EchoServer {
 public:
  explicit EchoServer(const Executor::Options& executor_options = {.thread_limit = 2},
                      const RpcServerOptions& server_options = {},
                      const Clock* clock = nullptr,  // null = the machine's
                      CallAudit* audit = nullptr);

  // A new channel of its own connection.
  std::shared_ptr<grpc::Channel> NewChannel() const;

  SystemClock system_clock;
  UuidV7Generator uuids;
  RecordingObserver observer;
  FakeIdentity identity;
  FakeQuota quota;
  FakeHandlers handlers;
  Executor executor;
  CallPipeline pipeline;
  FakeEchoService service;
  std::unique_ptr<RpcServer> server;
  std::unique_ptr<pb::EchoService::Stub> stub;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_TESTING_ECHO_SERVER_H_
