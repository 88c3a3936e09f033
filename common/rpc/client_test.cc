#include "common/rpc/client.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "common/rpc/limits.h"
#include "common/rpc/rpc_test_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

absl::StatusOr<events::FeedHead> GetFeedHead(const std::string& address,
                                             const CallOptions& options) {
  const auto stub = events::EventService::NewStub(Connect(address));
  return CallUnary<events::FeedHead>(options,
                                     [&](grpc::ClientContext* context, events::FeedHead* response) {
                                       return stub->GetFeedHead(context, {}, response);
                                     });
}

TEST(ClientTest, ReturnsTheResponseOrTheNamedErrorOfTheServer) {
  TestServer server;
  server.handlers.get_feed_head = [](CallContext&) { return events::FeedHead(); };
  EXPECT_TRUE(GetFeedHead(server.server->address(), NewCall(absl::Minutes(1))).ok());
  server.identity.denied_permission = "events.read";
  const absl::Status refused =
      GetFeedHead(server.server->address(), NewCall(absl::Minutes(1))).status();
  EXPECT_EQ(GetErrorReason(refused), "PERMISSION_DENIED");
  EXPECT_EQ(GetErrorDetails(refused)->metadata.at("permission"), "events.read");
}

TEST(ClientTest, SaysUnavailableWhenNobodyListens) {
  std::string address;
  {
    TestServer gone;
    address = gone.server->address();
  }
  const absl::Status status = GetFeedHead(address, NewCall(absl::Minutes(1))).status();
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

  TestServer server;
  CallContext seen;
  server.handlers.get_feed_head = [&](CallContext& call) {
    seen.call_id = call.call_id;
    seen.deadline = call.deadline;
    return events::FeedHead();
  };
  ASSERT_TRUE(GetFeedHead(server.server->address(), options).ok());
  EXPECT_EQ(seen.call_id, "call-7");
  EXPECT_LE(seen.deadline, incoming.deadline + absl::Seconds(5));
}

}  // namespace
}  // namespace clientele::rpc
