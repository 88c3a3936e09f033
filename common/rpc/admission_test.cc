// What the stage "admission" lets in.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <thread>
#include <vector>

#include "common/rpc/client.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/testing/echo_server.h"
#include "common/status/error.h"
#include "common/time/clock.h"

namespace clientele::rpc {
namespace {

absl::StatusOr<pb::EchoResponse> Echo(EchoServer& server, absl::Duration timeout) {
  return CallUnary<pb::EchoResponse>(NewCall(timeout),
                                     [&](grpc::ClientContext* context, pb::EchoResponse* response) {
                                       return server.stub->Echo(context, {}, response);
                                     });
}

// False when it does not come about within a minute.
bool WaitUntil(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

absl::StatusOr<pb::EchoResponse> AnswerWithSeven(CallContext&) {
  pb::EchoResponse head;
  head.set_number(7);
  return head;
}

TEST(AdmissionTest, ShedsLoadAboveTheQueueAtOnceAndServesTheRest) {
  EchoServer server({.thread_limit = 1, .arrival_limit = 1});
  std::promise<void> release;
  server.handlers.echo = [released = release.get_future().share()](CallContext& call) {
    released.wait();
    return AnswerWithSeven(call);
  };
  auto running = std::async(std::launch::async, [&] { return Echo(server, absl::Minutes(1)); });
  ASSERT_TRUE(WaitUntil([&] { return server.executor.load().running_count == 1; }));
  auto queued = std::async(std::launch::async, [&] { return Echo(server, absl::Minutes(1)); });
  ASSERT_TRUE(WaitUntil([&] { return server.executor.load().arrival_count == 1; }));
  EXPECT_EQ(server.quota.given_back, "");
  const absl::Status shed = Echo(server, absl::Minutes(1)).status();
  EXPECT_EQ(server.quota.given_back, "local 1") << "it has had nothing for it";
  EXPECT_EQ(shed.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorReason(shed), "OVERLOADED");
  EXPECT_TRUE(GetErrorDetails(shed)->retry_delay.has_value());
  EXPECT_FALSE(server.observer.logged().back().let_in);
  release.set_value();
  EXPECT_TRUE(running.get().ok());
  EXPECT_TRUE(queued.get().ok());
}

TEST(AdmissionTest, TellsWhoWasLetInAndFoundTheServerBusyLater) {
  EchoServer server;
  const auto is_busy = [](CallContext&) -> absl::StatusOr<pb::EchoResponse> {
    return Overloaded();
  };
  server.handlers.echo = is_busy;
  EXPECT_EQ(GetErrorReason(Echo(server, absl::Minutes(1)).status()), "OVERLOADED");
  EXPECT_TRUE(server.observer.logged().back().let_in);
  server.handlers.echo_now = is_busy;
  EXPECT_EQ(GetErrorReason(Echo(server, absl::Minutes(1)).status()), "OVERLOADED");
  EXPECT_TRUE(server.observer.logged().back().let_in);
  EXPECT_EQ(server.quota.given_back, "");
}

TEST(AdmissionTest, RefusesAReadThatWouldBeLateWhereAWriteStillGoesFirst) {
  constexpr int kCallers = 24;
  EchoServer server({.thread_limit = 32});
  std::promise<void> release;
  std::atomic<absl::Duration> call_time = absl::Seconds(3);  // or until released
  server.handlers.echo = [&, released = release.get_future().share()](CallContext& call) {
    released.wait_for(absl::ToChronoNanoseconds(call_time));
    return AnswerWithSeven(call);
  };
  server.handlers.save = [](CallContext&) -> absl::StatusOr<pb::SaveResponse> {
    return pb::SaveResponse();
  };
  std::vector<std::future<absl::StatusOr<pb::EchoResponse>>> slow;
  const auto start_crowd = [&] {
    slow.clear();
    for (int i = 0; i < kCallers; ++i) {
      slow.push_back(std::async(std::launch::async, Echo, std::ref(server), absl::Minutes(1)));
    }
  };
  start_crowd();
  for (auto& call : slow) {
    ASSERT_TRUE(call.get().ok());
  }
  ASSERT_TRUE(WaitUntil([&] { return server.executor.load().running_count == 0; }));
  call_time = absl::Minutes(1);
  start_crowd();
  ASSERT_TRUE(WaitUntil([&] { return server.executor.load().running_count == kCallers; }));
  // The mean is nine tenths of a second by now, at least; a read may count on two fifths of what
  // it has.
  const absl::Status shed = Echo(server, absl::Milliseconds(2100)).status();
  EXPECT_EQ(GetErrorReason(shed), "OVERLOADED");
  EXPECT_TRUE(GetErrorDetails(shed)->retry_delay.has_value());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  pb::SaveResponse saved;
  EXPECT_TRUE(server.stub->Save(&context, {}, &saved).ok());
  release.set_value();
}

TEST(AdmissionTest, LearnsNothingFromCallsThatNobodyWantsAnyMore) {
  constexpr int kBegun = 28;  // what reads may have of 32 threads
  constexpr int kQueued = 64;
  FakeClock clock(absl::Now());
  EchoServer server({.thread_limit = 32}, {}, &clock);
  std::promise<void> release;
  std::atomic<absl::Duration> call_time = absl::Milliseconds(4500);  // or until released
  server.handlers.echo = [&, released = release.get_future().share()](CallContext& call) {
    released.wait_for(absl::ToChronoNanoseconds(call_time));
    return AnswerWithSeven(call);
  };
  std::vector<std::future<absl::StatusOr<pb::EchoResponse>>> calls;
  const auto start_crowd = [&](int count) {
    calls.clear();
    for (int i = 0; i < count; ++i) {
      calls.push_back(std::async(std::launch::async, Echo, std::ref(server), absl::Minutes(1)));
    }
  };
  start_crowd(kBegun);
  calls.clear();
  ASSERT_TRUE(WaitUntil([&] { return server.executor.load().running_count == 0; }));
  call_time = absl::Minutes(1);
  start_crowd(kBegun + kQueued);
  ASSERT_TRUE(WaitUntil([&] { return server.executor.load().arrival_count == kQueued; }));
  clock.Advance(absl::Hours(1));
  release.set_value();
  calls.clear();
  ASSERT_TRUE(WaitUntil([&] { return server.executor.load().running_count == 0; }));
  clock.Advance(absl::Now() - clock.Now());
  std::promise<void> end;
  const std::shared_future<void> ended = end.get_future().share();
  for (int i = 0; i < 16; ++i) {
    ASSERT_TRUE(server.executor.TrySubmit([ended] {
      ended.wait();
      return TaskEnd::kServed;
    }));
  }
  EXPECT_EQ(GetErrorReason(Echo(server, absl::Milliseconds(2100)).status()), "OVERLOADED");
  end.set_value();
}

TEST(AdmissionTest, RefusesWhoHasUsedItsShareAndSaysWhenToComeAgain) {
  EchoServer server;
  server.handlers.echo = AnswerWithSeven;
  server.quota.wait = absl::Seconds(3);
  const absl::Status refused = Echo(server, absl::Minutes(1)).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorReason(refused), "RATE_LIMITED");
  EXPECT_EQ(GetErrorDetails(refused)->retry_delay, absl::Seconds(3));
  EXPECT_EQ(server.quota.taken, "local 1");
  EXPECT_EQ(server.quota.given_back, "") << "nothing was taken";
  server.quota.wait = absl::ZeroDuration();
  EXPECT_EQ(Echo(server, absl::Minutes(1))->number(), 7);
}

TEST(AdmissionTest, TakesNothingOfTheShareOfWhoMayNotCall) {
  EchoServer server;
  server.identity.permissions = {"echo.write"};
  EXPECT_EQ(GetErrorReason(Echo(server, absl::Minutes(1)).status()), "PERMISSION_DENIED");
  EXPECT_EQ(server.quota.taken, "");
}

}  // namespace
}  // namespace clientele::rpc
