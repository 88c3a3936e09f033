#include "common/rpc/rpc_server.h"

#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "common/rpc/client.h"
#include "common/rpc/testing/echo_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// The wire forms of grpc.health.v1: a string in field 1 asks, an enum in field 1 answers.
using HealthRequest = google::protobuf::StringValue;
using HealthResponse = google::protobuf::Int32Value;
constexpr int kServing = 1;
constexpr int kNotServing = 2;

// Follows the health of one service until it is destroyed.
class HealthWatch final : public grpc::ClientBidiReactor<HealthRequest, HealthResponse> {
 public:
  HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service)
      : stub_(channel) {
    request_.set_value(service);
    stub_.PrepareBidiStreamingCall(&context_, "/grpc.health.v1.Health/Watch", {}, this);
    StartWriteLast(&request_, {});
    StartRead(&response_);
    StartCall();
  }
  ~HealthWatch() override {
    context_.TryCancel();
    done_.get_future().wait();
  }

  // Waits until the server says `status`.
  void WaitFor(int status) {
    std::unique_lock<std::mutex> lock(mutex_);
    told_.wait(lock, [&] { return status_ == status; });
  }

  void OnReadDone(bool ok) override {
    if (ok) {
      std::lock_guard<std::mutex> lock(mutex_);
      status_ = response_.value();
      told_.notify_all();
      response_.Clear();
    }
    if (ok) {
      StartRead(&response_);
    }
  }
  void OnDone(const grpc::Status&) override { done_.set_value(); }

 private:
  grpc::TemplatedGenericStub<HealthRequest, HealthResponse> stub_;
  grpc::ClientContext context_;
  HealthRequest request_;
  HealthResponse response_;
  std::promise<void> done_;
  std::mutex mutex_;
  std::condition_variable told_;
  int status_ = -1;  // guarded by mutex_
};

// Asks once; the status code when the server has no such service.
absl::StatusOr<int> CheckHealth(const EchoServer& server, const std::string& service) {
  grpc::TemplatedGenericStub<HealthRequest, HealthResponse> stub(server.NewChannel());
  grpc::ClientContext context;
  HealthRequest request;
  request.set_value(service);
  HealthResponse response;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                 [&](grpc::Status status) { done.set_value(std::move(status)); });
  const grpc::Status status = done.get_future().get();
  if (!status.ok()) {
    return FromGrpcStatus(status);
  }
  return response.value();
}

absl::Status StartOn(EchoServer& parts, const std::string& bind_address) {
  return RpcServer::Start({.bind_address = bind_address}, parts.pipeline,
                          {{"clientele.echo.v1.EchoService", parts.service}})
      .status();
}

TEST(RpcServerTest, BindsAFreePortAndSaysWhich) {
  EchoServer server;
  EXPECT_GT(server.server->port(), 0);
  EXPECT_EQ(server.server->address(), "127.0.0.1:" + std::to_string(server.server->port()));
}

TEST(RpcServerTest, RefusesToListenBeyondLoopback) {
  EchoServer parts;
  const absl::Status status = StartOn(parts, "0.0.0.0:0");
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("refusing to listen on 0.0.0.0:0"));
}

TEST(RpcServerTest, SaysThatAPortIsTaken) {
  EchoServer first;
  EchoServer parts;
  const absl::Status status = StartOn(parts, first.server->address());
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "cannot listen on " + first.server->address() +
                                  ": the port is taken by another program");
}

TEST(RpcServerTest, RefusesAServiceWhoseMethodsHaveNoPolicy) {
  EchoServer parts;
  const absl::Status status =
      RpcServer::Start({}, parts.pipeline, {{"grpc.reflection.v1.ServerReflection", parts.service}})
          .status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("lacks option"));
}

TEST(RpcServerDeathTest, EndsTheProcessWhenAServiceEndsBeforeIt) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        EchoServer echo;
        echo.service.~FakeEchoService();
      },
      "check failed");
}

TEST(RpcServerTest, AnswersHealthPerServiceAndForTheWhole) {
  EchoServer server;
  EXPECT_EQ(CheckHealth(server, "").value(), kServing);
  EXPECT_EQ(CheckHealth(server, "clientele.echo.v1.EchoService").value(), kServing);
  EXPECT_EQ(CheckHealth(server, "clientele.Nowhere").status().code(), absl::StatusCode::kNotFound);
  server.server->SetHealthy(false);
  EXPECT_EQ(CheckHealth(server, "").value(), kNotServing);
  EXPECT_EQ(CheckHealth(server, "clientele.echo.v1.EchoService").value(), kNotServing);
  server.server->SetHealthy(true);
  EXPECT_EQ(CheckHealth(server, "").value(), kServing);
}

TEST(RpcServerTest, ServesDuringTheDrainDelayWhileItSaysItIsUnhealthy) {
  EchoServer server({.thread_limit = 2}, {.drain_delay = absl::Hours(1)});
  server.handlers.echo = [](CallContext&) { return pb::EchoResponse(); };
  std::thread shutdown;
  {
    HealthWatch watch(server.NewChannel(), "clientele.echo.v1.EchoService");
    watch.WaitFor(kServing);
    shutdown = std::thread([&] { server.server->Shutdown(); });
    watch.WaitFor(kNotServing);
    const auto answered = CallUnary<pb::EchoResponse>(
        NewCall(absl::Minutes(1)), [&](grpc::ClientContext* context, pb::EchoResponse* head) {
          return server.stub->Echo(context, {}, head);
        });
    EXPECT_TRUE(answered.ok()) << answered.status();
    server.server->SkipDrainDelay();
    shutdown.join();
  }
  const auto refused = CallUnary<pb::EchoResponse>(
      NewCall(absl::Minutes(1)), [&](grpc::ClientContext* context, pb::EchoResponse* head) {
        return server.stub->Echo(context, {}, head);
      });
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
}

TEST(RpcServerTest, DoesNotWaitForHealthWatchersWhenItShutsDown) {
  EchoServer server({.thread_limit = 2}, {.shutdown_grace = absl::Minutes(10)});
  HealthWatch watch(server.NewChannel(), "");
  watch.WaitFor(kServing);
  server.server->Shutdown();
  EXPECT_TRUE(server.pipeline.open_calls().WaitUntilNone(absl::ZeroDuration()));
}

TEST(RpcServerTest, LetsARunningCallFinishWhenItShutsDown) {
  EchoServer server;
  std::promise<void> entered;
  server.handlers.echo = [&](CallContext&) {
    entered.set_value();
    while (!server.pipeline.open_calls().draining()) {
      std::this_thread::yield();
    }
    return pb::EchoResponse();
  };
  auto call = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    pb::EchoResponse head;
    return server.stub->Echo(&context, {}, &head);
  });
  entered.get_future().wait();
  server.server->Shutdown();
  EXPECT_TRUE(call.get().ok());
}

// One call that runs until `released`, and `count` that wait for its thread.
class FullQueue {
 public:
  FullQueue(EchoServer& server, int count) {
    server.handlers.echo = [released = release_.get_future().share()](CallContext&) {
      released.wait();
      return pb::EchoResponse();
    };
    for (int i = 0; i <= count; ++i) {
      calls_.push_back(std::async(std::launch::async, [&server] {
        return CallUnary<pb::EchoResponse>(
            NewCall(absl::Minutes(1)), [&](grpc::ClientContext* context, pb::EchoResponse* head) {
              return server.stub->Echo(context, {}, head);
            });
      }));
    }
    while (server.executor.load().arrival_count < count) {
      std::this_thread::yield();
    }
  }

  void Release() { release_.set_value(); }

  // How many calls ended with each reason; "" is OK.
  std::map<std::string, int> Reasons() {
    std::map<std::string, int> reasons;
    for (auto& call : calls_) {
      const absl::Status status = call.get().status();
      ++reasons[status.ok() ? "" : GetErrorReason(status)];
      if (!status.ok()) {
        EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
        EXPECT_TRUE(GetErrorDetails(status)->retry_delay.has_value());
      }
    }
    return reasons;
  }

 private:
  std::promise<void> release_;
  std::vector<std::future<absl::StatusOr<pb::EchoResponse>>> calls_;
};

TEST(RpcServerTest, FinishesWhatWaitsInTheQueueWhenItShutsDown) {
  EchoServer server({.thread_limit = 1}, {.shutdown_grace = absl::Minutes(10)});
  FullQueue queue(server, 5);
  std::thread shutdown([&] { server.server->Shutdown(); });
  while (!server.pipeline.open_calls().draining()) {
    std::this_thread::yield();
  }
  queue.Release();
  EXPECT_THAT(queue.Reasons(), ElementsAre(Pair("", 6)));
  shutdown.join();
}

TEST(RpcServerTest, SendsWhatStillWaitsElsewhereWhenHalfOfTheGraceTimeIsOver) {
  EchoServer server({.thread_limit = 1}, {.shutdown_grace = absl::Seconds(4)});
  FullQueue queue(server, 5);
  std::thread shutdown([&] { server.server->Shutdown(); });
  while (!server.pipeline.open_calls().refuses_queued()) {
    std::this_thread::yield();
  }
  queue.Release();
  EXPECT_THAT(queue.Reasons(), ElementsAre(Pair("", 1), Pair("SHUTTING_DOWN", 5)));
  shutdown.join();
}

TEST(RpcServerTest, CancelsWhatOutlastsTheGraceTime) {
  EchoServer server({.thread_limit = 2}, {.shutdown_grace = absl::Milliseconds(10)});
  std::promise<void> entered;
  server.handlers.echo = [&](CallContext& call) -> absl::StatusOr<pb::EchoResponse> {
    entered.set_value();
    while (!call.is_cancelled()) {
      std::this_thread::yield();
    }
    return absl::CancelledError("told to stop");
  };
  auto call = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    pb::EchoResponse head;
    return server.stub->Echo(&context, {}, &head);
  });
  entered.get_future().wait();
  server.server->Shutdown();
  EXPECT_FALSE(call.get().ok());
}

}  // namespace
}  // namespace clientele::rpc
