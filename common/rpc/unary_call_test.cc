#include "common/rpc/unary_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include "common/rpc/client.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/rpc_test_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

using ::testing::ElementsAre;

absl::StatusOr<events::FeedHead> GetFeedHead(TestServer& server, absl::Duration timeout) {
  return CallUnary<events::FeedHead>(NewCall(timeout),
                                     [&](grpc::ClientContext* context, events::FeedHead* response) {
                                       return server.event_stub->GetFeedHead(context, {}, response);
                                     });
}

absl::StatusOr<events::FeedHead> AnswerWithSeven(CallContext&) {
  events::FeedHead head;
  head.set_outbox_count(7);
  return head;
}

TEST(UnaryCallTest, PassesTheStagesInTheirOrder) {
  TestServer server;
  EXPECT_THAT(server.pipeline.StageNames(),
              ElementsAre("request_id", "log", "metrics", "deadline", "authentication",
                          "permission", "admission", "handler", "status_mapping"));
}

// Every stage has a reason to refuse; taking the reasons away one by one shows who is asked first.
TEST(UnaryCallTest, RefusesByTheFirstStageThatObjects) {
  FakeClock late(absl::Now() + absl::Hours(1));
  TestServer server({.thread_count = 1}, {}, &late);
  server.handlers.get_feed_head = [](CallContext&) -> absl::StatusOr<events::FeedHead> {
    return ErrorBuilder(absl::StatusCode::kNotFound, "FROM_THE_HANDLER", "no").Build();
  };
  server.identity.principal =
      ErrorBuilder(absl::StatusCode::kUnauthenticated, "NO_CREDENTIALS", "who?").Build();
  server.identity.denied_permission = "events.read";
  server.pipeline.open_calls().StartDraining();
  const auto reason = [&server] {
    return GetErrorReason(GetFeedHead(server, absl::Minutes(1)).status());
  };
  EXPECT_EQ(reason(), "DEADLINE_TOO_SHORT");
  late.Advance(-absl::Hours(1));
  EXPECT_EQ(reason(), "NO_CREDENTIALS");
  server.identity.principal = "local";
  EXPECT_EQ(reason(), "PERMISSION_DENIED");
  server.identity.denied_permission = "";
  EXPECT_EQ(reason(), "SHUTTING_DOWN");

  TestServer open;
  open.handlers.get_feed_head = server.handlers.get_feed_head;
  EXPECT_EQ(GetErrorReason(GetFeedHead(open, absl::Minutes(1)).status()), "FROM_THE_HANDLER");
  // Each refusal was counted and logged like an answer.
  EXPECT_EQ(server.observer.count("started"), 4);
  EXPECT_EQ(server.observer.count("handled"), 4);
  EXPECT_EQ(server.observer.count("logged"), 4);
}

TEST(UnaryCallTest, TellsMetricsAndLogOfACallOnce) {
  TestServer server;
  server.handlers.get_feed_head = AnswerWithSeven;
  ASSERT_EQ(GetFeedHead(server, absl::Minutes(1))->outbox_count(), 7);
  EXPECT_THAT(server.observer.story(),
              ElementsAre("started GetFeedHead", "received GetFeedHead", "sent GetFeedHead",
                          "handled GetFeedHead", "logged GetFeedHead"));
  const CallSummary summary = server.observer.logged().at(0);
  EXPECT_EQ(summary.code, absl::StatusCode::kOk);
  EXPECT_EQ(summary.reason, "");
  EXPECT_EQ(summary.principal, "local");
  EXPECT_EQ(summary.method.path, "/clientele.common.v1.EventService/GetFeedHead");
}

TEST(UnaryCallTest, KeepsTheRequestIdOfTheCallerAndSendsItBack) {
  TestServer server;
  std::string seen;
  server.handlers.get_feed_head = [&](CallContext& call) {
    seen = call.call_id;
    return AnswerWithSeven(call);
  };
  grpc::ClientContext context;
  events::FeedHead head;
  context.AddMetadata("x-request-id", "Order_7.a-b");
  ASSERT_TRUE(server.event_stub->GetFeedHead(&context, {}, &head).ok());
  EXPECT_EQ(seen, "Order_7.a-b");
  EXPECT_EQ(context.GetServerInitialMetadata().find("x-request-id")->second, "Order_7.a-b");
}

TEST(UnaryCallTest, MakesARequestIdWhenTheGivenOneIsMissingOrMalformed) {
  TestServer server;
  std::string seen;
  server.handlers.get_feed_head = [&](CallContext& call) {
    seen = call.call_id;
    return AnswerWithSeven(call);
  };
  for (const std::string& given : {std::string(), std::string("a b"), std::string(129, 'a')}) {
    grpc::ClientContext context;
    events::FeedHead head;
    if (!given.empty()) {
      context.AddMetadata("x-request-id", given);
    }
    ASSERT_TRUE(server.event_stub->GetFeedHead(&context, {}, &head).ok());
    EXPECT_EQ(seen.size(), 36u) << given;
    EXPECT_EQ(context.GetServerInitialMetadata().find("x-request-id")->second, seen);
  }
}

TEST(UnaryCallTest, HidesWhyItFailedInsideAndLogsIt) {
  TestServer server;
  server.handlers.get_feed_head = [](CallContext&) -> absl::StatusOr<events::FeedHead> {
    return absl::DataLossError("table customer is gone");
  };
  const absl::Status status = GetFeedHead(server, absl::Minutes(1)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(status.message(), "internal error");
  EXPECT_EQ(GetErrorReason(status), "INTERNAL");
  EXPECT_EQ(server.observer.logged().at(0).hidden_message, "DATA_LOSS: table customer is gone");
}

TEST(UnaryCallTest, MarksAReplayInTheTrailers) {
  TestServer server;
  server.handlers.get_feed_head = [](CallContext& call) {
    call.replayed = true;
    return AnswerWithSeven(call);
  };
  grpc::ClientContext context;
  events::FeedHead head;
  ASSERT_TRUE(server.event_stub->GetFeedHead(&context, {}, &head).ok());
  EXPECT_EQ(context.GetServerTrailingMetadata().find("clientele-replayed")->second, "true");
}

TEST(UnaryCallTest, TellsTheHandlerTheRuleForRequestIds) {
  TestServer server;
  server.handlers.record_purchases = [](CallContext& call, const purchases::RecordPurchasesRequest&)
      -> absl::StatusOr<purchases::RecordPurchasesResponse> {
    EXPECT_EQ(call.request_id_rule, events::REQUEST_ID_RULE_REQUIRED);
    return purchases::RecordPurchasesResponse();
  };
  grpc::ClientContext context;
  purchases::RecordPurchasesResponse response;
  EXPECT_TRUE(server.purchase_stub->RecordPurchases(&context, {}, &response).ok());
}

TEST(UnaryCallTest, ShedsLoadAboveTheQueueAtOnceAndServesTheRest) {
  TestServer server({.thread_count = 1, .arrival_limit = 1});
  std::promise<void> release;
  server.handlers.get_feed_head = [released = release.get_future().share()](CallContext& call) {
    released.wait();
    return AnswerWithSeven(call);
  };
  auto running =
      std::async(std::launch::async, [&] { return GetFeedHead(server, absl::Minutes(1)); });
  while (server.executor.load().running_count < 1) {
    std::this_thread::yield();
  }
  auto queued =
      std::async(std::launch::async, [&] { return GetFeedHead(server, absl::Minutes(1)); });
  while (server.executor.load().arrival_count < 1) {
    std::this_thread::yield();
  }
  const absl::Status shed = GetFeedHead(server, absl::Minutes(1)).status();
  EXPECT_EQ(shed.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorReason(shed), "OVERLOADED");
  EXPECT_TRUE(GetErrorDetails(shed)->retry_delay.has_value());
  release.set_value();
  EXPECT_TRUE(running.get().ok());
  EXPECT_TRUE(queued.get().ok());
}

TEST(UnaryCallTest, TellsARunningHandlerThatItsCallerHasGone) {
  TestServer server;
  std::promise<void> entered;
  std::promise<void> saw_cancel;
  server.handlers.get_feed_head = [&](CallContext& call) -> absl::StatusOr<events::FeedHead> {
    entered.set_value();
    while (!call.is_cancelled()) {
      std::this_thread::yield();
    }
    saw_cancel.set_value();
    return absl::CancelledError("stopped");
  };
  grpc::ClientContext context;
  auto call = std::async(std::launch::async, [&] {
    events::FeedHead head;
    return server.event_stub->GetFeedHead(&context, {}, &head);
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
  TestServer server({.thread_count = 1}, {}, &clock);
  std::promise<void> release;
  std::atomic<int> handled = 0;
  server.handlers.get_feed_head = [&, released = release.get_future().share()](CallContext& call) {
    ++handled;
    released.wait();
    return AnswerWithSeven(call);
  };
  auto running = std::async(std::launch::async, GetFeedHead, std::ref(server), absl::Minutes(1));
  while (server.executor.load().running_count < 1) {
    std::this_thread::yield();
  }
  auto queued = std::async(std::launch::async, GetFeedHead, std::ref(server), absl::Minutes(1));
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
  TestServer server({.thread_count = 1}, {.message_bytes_max = 1024});
  purchases::RecordPurchasesRequest request;
  request.set_request_id(std::string(2048, 'x'));
  grpc::ClientContext context;
  purchases::RecordPurchasesResponse response;
  EXPECT_EQ(server.purchase_stub->RecordPurchases(&context, request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace clientele::rpc
