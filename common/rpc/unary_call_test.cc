#include "common/rpc/unary_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include "common/rpc/client.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/testing/echo_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

using ::testing::ElementsAre;

absl::StatusOr<pb::EchoResponse> Echo(EchoServer& server, absl::Duration timeout) {
  return CallUnary<pb::EchoResponse>(NewCall(timeout),
                                     [&](grpc::ClientContext* context, pb::EchoResponse* response) {
                                       return server.stub->Echo(context, {}, response);
                                     });
}

absl::StatusOr<pb::EchoResponse> AnswerWithSeven(CallContext&) {
  pb::EchoResponse head;
  head.set_number(7);
  return head;
}

TEST(UnaryCallTest, PassesTheStagesInTheirOrder) {
  EchoServer server;
  EXPECT_THAT(server.pipeline.StageNames(),
              ElementsAre("request_id", "log", "metrics", "authentication", "audit", "permission",
                          "deadline", "admission", "handler", "status_mapping"));
}

// Every stage has a reason to refuse; taking the reasons away one by one shows who is asked first.
TEST(UnaryCallTest, RefusesByTheFirstStageThatObjects) {
  FakeClock late(absl::Now() + absl::Hours(1));
  EchoServer server({.thread_limit = 1}, {}, &late);
  server.handlers.echo = [](CallContext&) -> absl::StatusOr<pb::EchoResponse> {
    return ErrorBuilder(absl::StatusCode::kNotFound, "FROM_THE_HANDLER", "no").Build();
  };
  server.identity.principal =
      ErrorBuilder(absl::StatusCode::kUnauthenticated, "NO_CREDENTIALS", "who?").Build();
  server.identity.permissions = {"echo.write"};
  server.pipeline.open_calls().StartDraining();
  const auto reason = [&server] { return GetErrorReason(Echo(server, absl::Minutes(1)).status()); };
  EXPECT_EQ(reason(), "NO_CREDENTIALS");
  server.identity.principal = "local";
  EXPECT_EQ(reason(), "PERMISSION_DENIED");
  server.identity.permissions = {"*"};
  EXPECT_EQ(reason(), "DEADLINE_TOO_SHORT");
  late.Advance(-absl::Hours(1));
  EXPECT_EQ(reason(), "SHUTTING_DOWN");

  EchoServer open;
  open.handlers.echo = server.handlers.echo;
  EXPECT_EQ(GetErrorReason(Echo(open, absl::Minutes(1)).status()), "FROM_THE_HANDLER");
  // Each refusal was counted and logged like an answer.
  EXPECT_EQ(server.observer.count("started"), 4);
  EXPECT_EQ(server.observer.count("handled"), 4);
  EXPECT_EQ(server.observer.count("logged"), 4);
}

TEST(UnaryCallTest, TellsMetricsAndLogOfACallOnce) {
  EchoServer server;
  server.handlers.echo = AnswerWithSeven;
  ASSERT_EQ(Echo(server, absl::Minutes(1))->number(), 7);
  EXPECT_THAT(server.observer.story(), ElementsAre("started Echo", "received Echo", "sent Echo",
                                                   "handled Echo", "logged Echo"));
  const CallSummary summary = server.observer.logged().at(0);
  EXPECT_EQ(summary.code, absl::StatusCode::kOk);
  EXPECT_EQ(summary.reason, "");
  EXPECT_EQ(summary.principal, "local");
  EXPECT_EQ(summary.method.path, "/clientele.echo.v1.EchoService/Echo");
}

TEST(UnaryCallTest, KeepsTheRequestIdOfTheCallerAndSendsItBack) {
  EchoServer server;
  std::string seen;
  server.handlers.echo = [&](CallContext& call) {
    seen = call.call_id;
    return AnswerWithSeven(call);
  };
  grpc::ClientContext context;
  pb::EchoResponse head;
  context.AddMetadata("x-request-id", "Order_7.a-b");
  ASSERT_TRUE(server.stub->Echo(&context, {}, &head).ok());
  EXPECT_EQ(seen, "Order_7.a-b");
  EXPECT_EQ(context.GetServerInitialMetadata().find("x-request-id")->second, "Order_7.a-b");
}

TEST(UnaryCallTest, MakesARequestIdWhenTheGivenOneIsMissingOrMalformed) {
  EchoServer server;
  std::string seen;
  server.handlers.echo = [&](CallContext& call) {
    seen = call.call_id;
    return AnswerWithSeven(call);
  };
  for (const std::string& given : {std::string(), std::string("a b"), std::string(129, 'a')}) {
    grpc::ClientContext context;
    pb::EchoResponse head;
    if (!given.empty()) {
      context.AddMetadata("x-request-id", given);
    }
    ASSERT_TRUE(server.stub->Echo(&context, {}, &head).ok());
    EXPECT_EQ(seen.size(), 36u) << given;
    EXPECT_EQ(context.GetServerInitialMetadata().find("x-request-id")->second, seen);
  }
}

TEST(UnaryCallTest, HidesWhyItFailedInsideAndLogsIt) {
  EchoServer server;
  server.handlers.echo = [](CallContext&) -> absl::StatusOr<pb::EchoResponse> {
    return absl::DataLossError("table customer is gone");
  };
  const absl::Status status = Echo(server, absl::Minutes(1)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(status.message(), "internal error");
  EXPECT_EQ(GetErrorReason(status), "INTERNAL");
  EXPECT_EQ(server.observer.logged().at(0).hidden_message, "DATA_LOSS: table customer is gone");
}

TEST(UnaryCallTest, MarksAReplayInTheTrailers) {
  EchoServer server;
  server.handlers.echo = [](CallContext& call) {
    call.replayed = true;
    return AnswerWithSeven(call);
  };
  grpc::ClientContext context;
  pb::EchoResponse head;
  ASSERT_TRUE(server.stub->Echo(&context, {}, &head).ok());
  EXPECT_EQ(context.GetServerTrailingMetadata().find("clientele-replayed")->second, "true");
}

TEST(UnaryCallTest, TellsTheHandlerTheRuleForRequestIds) {
  EchoServer server;
  server.handlers.save = [](CallContext& call) -> absl::StatusOr<pb::SaveResponse> {
    EXPECT_EQ(call.request_id_rule, common::v1::REQUEST_ID_RULE_REQUIRED);
    return pb::SaveResponse();
  };
  grpc::ClientContext context;
  pb::SaveResponse response;
  EXPECT_TRUE(server.stub->Save(&context, {}, &response).ok());
}

TEST(UnaryCallTest, AnswersWhatIsAtHandThoughEveryThreadIsBusy) {
  EchoServer server({.thread_limit = 1, .arrival_limit = 1});
  std::promise<void> finish;
  server.executor.TrySubmit([finished = finish.get_future().share()] {
    finished.wait();
    return TaskEnd::kServed;
  });
  server.handlers.echo_now = AnswerWithSeven;
  EXPECT_EQ(Echo(server, absl::Minutes(1))->number(), 7);
  EXPECT_THAT(server.observer.story(), ElementsAre("started Echo", "received Echo", "sent Echo",
                                                   "handled Echo", "logged Echo"));
  finish.set_value();
}

TEST(UnaryCallTest, AsksForWhatIsAtHandOnlyOnceTheCallIsLetIn) {
  EchoServer server;
  server.handlers.echo_now = AnswerWithSeven;
  server.identity.permissions = {"echo.write"};
  EXPECT_EQ(GetErrorReason(Echo(server, absl::Minutes(1)).status()), "PERMISSION_DENIED");
}

TEST(UnaryCallTest, LeavesToTheHandlerWhatIsNotAtHand) {
  EchoServer server;
  server.handlers.echo = AnswerWithSeven;
  server.handlers.echo_now = [](CallContext&) { return std::nullopt; };
  EXPECT_EQ(Echo(server, absl::Minutes(1))->number(), 7);
  server.handlers.echo_now = [](CallContext&) -> std::optional<absl::StatusOr<pb::EchoResponse>> {
    return ErrorBuilder(absl::StatusCode::kNotFound, "NOT_AT_HAND", "no").Build();
  };
  EXPECT_EQ(GetErrorReason(Echo(server, absl::Minutes(1)).status()), "NOT_AT_HAND");
}

TEST(UnaryCallTest, TellsARunningHandlerThatItsCallerHasGone) {
  EchoServer server;
  std::promise<void> entered;
  std::promise<void> saw_cancel;
  server.handlers.echo = [&](CallContext& call) -> absl::StatusOr<pb::EchoResponse> {
    entered.set_value();
    while (!call.is_cancelled()) {
      std::this_thread::yield();
    }
    saw_cancel.set_value();
    return absl::CancelledError("stopped");
  };
  grpc::ClientContext context;
  auto call = std::async(std::launch::async, [&] {
    pb::EchoResponse head;
    return server.stub->Echo(&context, {}, &head);
  });
  entered.get_future().wait();
  context.TryCancel();
  EXPECT_EQ(call.get().error_code(), grpc::StatusCode::CANCELLED);
  saw_cancel.get_future().wait();
  server.observer.WaitFor("logged", 1);
  EXPECT_EQ(server.observer.logged().at(0).reason, "CANCELLED");
}

TEST(UnaryCallTest, DoesNotBeginWorkWhoseDeadlinePassedWhileItWaited) {
  FakeClock clock(absl::Now());
  EchoServer server({.thread_limit = 1}, {}, &clock);
  std::promise<void> release;
  std::atomic<int> handled = 0;
  server.handlers.echo = [&, released = release.get_future().share()](CallContext& call) {
    ++handled;
    released.wait();
    return AnswerWithSeven(call);
  };
  auto running = std::async(std::launch::async, Echo, std::ref(server), absl::Minutes(1));
  while (server.executor.load().running_count < 1) {
    std::this_thread::yield();
  }
  auto queued = std::async(std::launch::async, Echo, std::ref(server), absl::Minutes(1));
  while (server.executor.load().arrival_count < 1) {
    std::this_thread::yield();
  }
  clock.Advance(absl::Hours(1));
  release.set_value();
  EXPECT_TRUE(running.get().ok());
  EXPECT_EQ(GetErrorReason(queued.get().status()), "DEADLINE_TOO_SHORT");
  EXPECT_EQ(handled, 1);
}

TEST(UnaryCallTest, RefusesAMessageAboveTheLimit) {
  EchoServer server({.thread_limit = 1}, {.message_bytes_max = 1024});
  pb::SaveRequest request;
  request.set_request_id(std::string(2048, 'x'));
  grpc::ClientContext context;
  pb::SaveResponse response;
  EXPECT_EQ(server.stub->Save(&context, request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace clientele::rpc
