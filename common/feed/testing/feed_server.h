#ifndef COMMON_FEED_TESTING_FEED_SERVER_H_
#define COMMON_FEED_TESTING_FEED_SERVER_H_

// A real server of one EventService on a loopback port, wired as a service's main.cc does.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/executor/executor.h"
#include "common/feed/consumer.h"
#include "common/feed/event_service.h"
#include "common/ids/uuid.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/identity.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

namespace clientele::feed {

// Not thread-safe.
class FeedServer {
 public:
  // Listens on `port`; 0 = any free one.
  explicit FeedServer(const EventServiceSources& sources, int port = 0)
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
    grpc::ServerBuilder builder;
    builder.AddListeningPort(absl::StrCat("127.0.0.1:", port), grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    EXPECT_NE(server_, nullptr);
  }

  // Drains, as SIGTERM makes a service do.
  ~FeedServer() {
    Drain();
    EXPECT_TRUE(pipeline_.open_calls().WaitUntilNone(absl::Minutes(1)));
    server_->Shutdown();
  }

  void Drain() { pipeline_.open_calls().StartDraining(); }

  int port() const { return port_; }

  std::shared_ptr<grpc::Channel> Connect() const { return ConnectTo(port_); }

  static std::shared_ptr<grpc::Channel> ConnectTo(int port) {
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                     grpc::InsecureChannelCredentials(),
                                     ConsumerChannelArguments());
  }

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
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_FEED_SERVER_H_
