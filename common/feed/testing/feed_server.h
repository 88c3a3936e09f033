#ifndef COMMON_FEED_TESTING_FEED_SERVER_H_
#define COMMON_FEED_TESTING_FEED_SERVER_H_

// A real server of one EventService on a loopback port, wired as a service's main.cc does.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/executor/executor.h"
#include "common/feed/event_service.h"
#include "common/ids/uuid.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/identity.h"
#include "common/rpc/rpc_server.h"
#include "gtest/gtest.h"

namespace clientele::feed {

// Not thread-safe.
class FeedServer {
 public:
  // Listens on `port`; 0 = any free one.
  explicit FeedServer(const EventServiceSources& sources, int port = 0)
      : FeedServer(sources, {.bind_address = absl::StrCat("127.0.0.1:", port)}) {}

  // With all options of a server.
  FeedServer(const EventServiceSources& sources, const rpc::RpcServerOptions& options)
      : executor_({.thread_count = 2}),
        pipeline_({.service = sources.service_name,
                   .executor = executor_,
                   .clock = clock_,
                   .uuids = uuids_,
                   .log = log_,
                   .observer = observer_,
                   .authenticator = authenticator_,
                   .authorizer = authorizer_}),
        service_(pipeline_, sources) {
    absl::StatusOr<std::unique_ptr<rpc::RpcServer>> server =
        rpc::RpcServer::Start(options, pipeline_, {{"clientele.common.v1.EventService", service_}});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  // Drains, as SIGTERM makes a service do.
  void Shutdown() { server_->Shutdown(); }

  int port() const { return server_->port(); }
  std::string address() const { return server_->address(); }

 private:
  class QuietLog final : public rpc::CallLog {
   public:
    void Write(const rpc::CallSummary&) override {}
  };
  class QuietObserver final : public rpc::CallObserver {
   public:
    void OnStarted(const rpc::Method&) override {}
    void OnMessageReceived(const rpc::Method&) override {}
    void OnMessageSent(const rpc::Method&) override {}
    void OnHandled(const rpc::CallSummary&) override {}
  };

  const SystemClock clock_;
  UuidV7Generator uuids_;
  QuietLog log_;
  QuietObserver observer_;
  rpc::LocalAuthenticator authenticator_;
  rpc::LocalAuthorizer authorizer_;
  Executor executor_;
  rpc::CallPipeline pipeline_;
  EventService service_;
  std::unique_ptr<rpc::RpcServer> server_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_FEED_SERVER_H_
