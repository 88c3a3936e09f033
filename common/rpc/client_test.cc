#include "common/rpc/client.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "common/rpc/limits.h"
#include "common/rpc/testing/echo_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

absl::StatusOr<pb::EchoResponse> Echo(const std::string& address, const CallOptions& options) {
  const auto stub = pb::EchoService::NewStub(Connect(address));
  return CallUnary<pb::EchoResponse>(options,
                                     [&](grpc::ClientContext* context, pb::EchoResponse* response) {
                                       return stub->Echo(context, {}, response);
                                     });
}

TEST(ClientTest, ReturnsTheResponseOrTheNamedErrorOfTheServer) {
  EchoServer server;
  server.handlers.echo = [](CallContext&) { return pb::EchoResponse(); };
  EXPECT_TRUE(Echo(server.server->address(), NewCall(absl::Minutes(1))).ok());
  server.identity.denied_permission = "echo.read";
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

TEST(ClientTest, PassesTheRequestIdAndAShorterDeadlineOn) {
  CallContext incoming;
  incoming.call_id = "call-7";
  incoming.deadline = absl::Now() + absl::Seconds(30);
  const CallOptions options = ForwardedCall(incoming, absl::Minutes(1));
  EXPECT_EQ(options.deadline, incoming.deadline - kAnswerTime);
  const absl::Time soon = ForwardedCall(incoming, absl::Seconds(1)).deadline;
  EXPECT_LE(soon, absl::Now() + absl::Seconds(1));

  EchoServer server;
  CallContext seen;
  server.handlers.echo = [&](CallContext& call) {
    seen.call_id = call.call_id;
    seen.deadline = call.deadline;
    return pb::EchoResponse();
  };
  ASSERT_TRUE(Echo(server.server->address(), options).ok());
  EXPECT_EQ(seen.call_id, "call-7");
  EXPECT_LE(seen.deadline, incoming.deadline + absl::Seconds(5));
}

}  // namespace
}  // namespace clientele::rpc
