#include "common/rpc/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/limits.h"
#include "common/rpc/testing/echo_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

using ::testing::ElementsAre;

constexpr char kTraceparent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

absl::StatusOr<pb::EchoResponse> Echo(const std::string& address, const CallOptions& options,
                                      const ChannelSecurity& security = {}) {
  const auto stub = pb::EchoService::NewStub(Connect(address, security));
  return CallUnary<pb::EchoResponse>(options,
                                     [&](grpc::ClientContext* context, pb::EchoResponse* response) {
                                       return stub->Echo(context, {}, response);
                                     });
}

TEST(ClientTest, ReturnsTheResponseOrTheNamedErrorOfTheServer) {
  EchoServer server;
  server.handlers.echo = [](CallContext&) { return pb::EchoResponse(); };
  EXPECT_TRUE(Echo(server.server->address(), NewCall(absl::Minutes(1))).ok());
  server.identity.permissions = {"echo.write"};
  const absl::Status refused = Echo(server.server->address(), NewCall(absl::Minutes(1))).status();
  EXPECT_EQ(GetErrorReason(refused), "PERMISSION_DENIED");
  EXPECT_EQ(GetErrorDetails(refused)->metadata.at("permission"), "echo.read");
}

TEST(ClientTest, SaysUnavailableWhenNobodyListens) {
  std::string address;
  {
    EchoServer gone;
    address = gone.server->address();
  }
  const absl::Status status = Echo(address, NewCall(absl::Minutes(1))).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(GetErrorDetails(status).has_value());
}

TEST(ClientTest, PassesTheRequestIdTheTraceAndAShorterDeadlineOn) {
  CallContext incoming;
  incoming.call_id = "call-7";
  incoming.traceparent = kTraceparent;
  incoming.deadline = absl::Now() + absl::Seconds(30);
  const CallOptions options = ForwardedCall(incoming, absl::Minutes(1));
  EXPECT_EQ(options.deadline, incoming.deadline - kAnswerTime);
  const absl::Time soon = ForwardedCall(incoming, absl::Seconds(1)).deadline;
  EXPECT_LE(soon, absl::Now() + absl::Seconds(1));

  EchoServer server;
  CallContext seen;
  server.handlers.echo = [&](CallContext& call) {
    seen.call_id = call.call_id;
    seen.traceparent = call.traceparent;
    seen.deadline = call.deadline;
    return pb::EchoResponse();
  };
  ASSERT_TRUE(Echo(server.server->address(), options).ok());
  EXPECT_EQ(seen.call_id, "call-7");
  EXPECT_EQ(seen.traceparent, kTraceparent);
  EXPECT_EQ(server.observer.logged().at(0).trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_LE(seen.deadline, incoming.deadline + absl::Seconds(5));
}

TEST(ClientTest, TakesNoTraceThatIsMalformed) {
  EchoServer server;
  std::string seen = "none yet";
  server.handlers.echo = [&](CallContext& call) {
    seen = call.traceparent;
    return pb::EchoResponse();
  };
  CallOptions options = NewCall(absl::Minutes(1));
  options.traceparent = "00-mine";
  ASSERT_TRUE(Echo(server.server->address(), options).ok());
  EXPECT_EQ(seen, "");
}

TEST(ClientTest, SendsTheTokenOfTheMomentWithEachCall) {
  EchoServer server;
  server.handlers.echo = [](CallContext&) { return pb::EchoResponse(); };
  std::string token = "first";
  const ChannelSecurity security = {.credentials = nullptr, .bearer_token = [&] { return token; }};
  for (const char* now : {"first", "second"}) {
    token = now;
    ASSERT_TRUE(Echo(server.server->address(), NewCall(absl::Minutes(1)), security).ok());
    EXPECT_EQ(server.identity.authorization, std::string("Bearer ") + now);
  }
  token = "";
  ASSERT_TRUE(Echo(server.server->address(), NewCall(absl::Minutes(1)), security).ok());
  EXPECT_EQ(server.identity.authorization, "");
}

// Remembers what it is told. Not thread-safe: its calls come one after the other.
class RecordingClientObserver final : public ClientCallObserver {
 public:
  void OnStarted(absl::string_view method) override { Tell("started", method); }
  void OnMessageSent(absl::string_view method) override { Tell("sent", method); }
  void OnMessageReceived(absl::string_view method) override { Tell("received", method); }
  void OnHandled(absl::string_view method, absl::StatusCode code,
                 absl::Duration duration) override {
    Tell(absl::StrCat("handled ", absl::StatusCodeToString(code)), method);
    EXPECT_GT(duration, absl::ZeroDuration());
  }

  std::vector<std::string> story;

 private:
  void Tell(absl::string_view event, absl::string_view method) {
    story.push_back(absl::StrCat(event, " ", method));
  }
};

TEST(ClientTest, TellsOfEachCallAndHowItEnded) {
  EchoServer server;
  server.handlers.echo = [](CallContext&) { return pb::EchoResponse(); };
  RecordingClientObserver observer;
  const auto stub = pb::EchoService::NewStub(Connect(server.server->address(), {}, &observer));
  const auto echo = [&stub] {
    return CallUnary<pb::EchoResponse>(
        NewCall(absl::Minutes(1)), [&](grpc::ClientContext* context, pb::EchoResponse* response) {
          return stub->Echo(context, {}, response);
        });
  };
  ASSERT_TRUE(echo().ok());
  const std::string path = "/clientele.echo.v1.EchoService/Echo";
  EXPECT_THAT(observer.story, ElementsAre("started " + path, "sent " + path, "received " + path,
                                          "handled OK " + path));
  observer.story.clear();
  server.identity.permissions = {};
  EXPECT_FALSE(echo().ok());
  EXPECT_THAT(observer.story,
              ElementsAre("started " + path, "sent " + path, "handled PERMISSION_DENIED " + path));
}

}  // namespace
}  // namespace clientele::rpc
