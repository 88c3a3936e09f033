#include "common/rpc/bidi_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <random>

#include "common/rpc/status_mapping.h"
#include "common/rpc/testing/echo_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

using Answer = absl::StatusOr<std::optional<pb::ExchangeResponse>>;
using Stream = std::unique_ptr<grpc::ClientReaderWriter<pb::ExchangeRequest, pb::ExchangeResponse>>;

// Answers by a function; counts how many of them live.
class FunctionSession final : public ExchangeSession {
 public:
  using HandleFunction = std::function<Answer(const pb::ExchangeRequest&)>;
  FunctionSession(HandleFunction handle, std::atomic<int>& open_count)
      : handle_(std::move(handle)), open_count_(open_count) {
    ++open_count_;
  }
  ~FunctionSession() override { --open_count_; }
  Answer Handle(const pb::ExchangeRequest& request) override { return handle_(request); }

 private:
  const HandleFunction handle_;
  std::atomic<int>& open_count_;
};

pb::ExchangeRequest Message(int64_t number) {
  pb::ExchangeRequest request;
  request.set_number(number);
  return request;
}

// Acknowledges every batch, and says nothing to anything else.
Answer Acknowledge(const pb::ExchangeRequest& request) {
  if (request.number() == 0) {
    return std::nullopt;
  }
  pb::ExchangeResponse response;
  response.set_number(request.number());
  return response;
}

class BidiCallTest : public testing::Test {
 protected:
  void Serve(const FunctionSession::HandleFunction& handle) {
    server_.handlers.exchange =
        [this, handle](CallContext& call) -> absl::StatusOr<std::unique_ptr<ExchangeSession>> {
      is_cancelled_ = call.is_cancelled;
      return std::make_unique<FunctionSession>(handle, open_count_);
    };
  }

  std::atomic<int> open_count_ = 0;         // before the server, whose sessions use it
  std::function<bool()> is_cancelled_;      // of the last call
  EchoServer server_{{.thread_limit = 4}};  // of which one is for reads alone
};

TEST_F(BidiCallTest, AnswersEachRequestInOrderAndEndsAfterTheLast) {
  Serve(Acknowledge);
  grpc::ClientContext context;
  Stream stream = server_.stub->Exchange(&context);
  ASSERT_TRUE(stream->Write(Message(0)));
  for (int i = 1; i <= 5; ++i) {
    ASSERT_TRUE(stream->Write(Message(i)));
  }
  stream->WritesDone();
  pb::ExchangeResponse response;
  for (int i = 1; i <= 5; ++i) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.number(), i);
  }
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(server_.observer.count("received"), 6);
  EXPECT_EQ(server_.observer.count("sent"), 5);
}

TEST_F(BidiCallTest, ReadsAtMostOneRequestAhead) {
  std::atomic<int> handled = 0;
  Serve([&](const pb::ExchangeRequest& request) {
    ++handled;
    EXPECT_LE(server_.observer.count("received"), handled + 1);
    return Acknowledge(request);
  });
  grpc::ClientContext context;
  Stream stream = server_.stub->Exchange(&context);
  constexpr int kMessages = 200;
  for (int i = 1; i <= kMessages; ++i) {
    ASSERT_TRUE(stream->Write(Message(i)));
  }
  stream->WritesDone();
  pb::ExchangeResponse response;
  int answered = 0;
  while (stream->Read(&response)) {
    ++answered;
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answered, kMessages);
}

TEST_F(BidiCallTest, EndsWithTheErrorOfARequest) {
  Serve([](const pb::ExchangeRequest&) -> Answer {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT", "gap")
        .Field("number", "must follow the last one")
        .Build();
  });
  grpc::ClientContext context;
  Stream stream = server_.stub->Exchange(&context);
  ASSERT_TRUE(stream->Write(Message(3)));
  pb::ExchangeResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(GetErrorReason(FromGrpcStatus(stream->Finish())), "INVALID_ARGUMENT");
  EXPECT_EQ(open_count_, 0);
}

TEST_F(BidiCallTest, AnswersTheRequestInHandWhenTheServerShutsDown) {
  constexpr int kInHand = 1;
  constexpr int kKeepsTheConnection = 2;
  std::promise<void> in_hand;
  std::promise<void> kept;
  std::promise<void> has_ended;
  Serve([&](const pb::ExchangeRequest& request) {
    if (request.number() == kKeepsTheConnection) {
      kept.set_value();
      has_ended.get_future().wait();
      return Acknowledge(request);
    }
    in_hand.set_value();
    while (!server_.pipeline.open_calls().draining()) {
      std::this_thread::yield();
    }
    return Acknowledge(request);
  });
  // gRPC hangs up behind its last call; a client that writes just then, be it the acknowledgement
  // of a ping, gives up what it has not read yet: "Broken pipe".
  grpc::ClientContext keeping_context;
  Stream keeping = server_.stub->Exchange(&keeping_context);
  ASSERT_TRUE(keeping->Write(Message(kKeepsTheConnection)));
  kept.get_future().wait();
  grpc::ClientContext context;
  Stream stream = server_.stub->Exchange(&context);
  ASSERT_TRUE(stream->Write(Message(kInHand)));
  in_hand.get_future().wait();
  const std::future<void> shut_down =
      std::async(std::launch::async, [this] { server_.server->Shutdown(); });
  pb::ExchangeResponse response;
  EXPECT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.number(), kInHand);
  EXPECT_FALSE(stream->Read(&response));
  const absl::Status end = FromGrpcStatus(stream->Finish());
  EXPECT_EQ(GetErrorReason(end), "SHUTTING_DOWN") << end;
  has_ended.set_value();
  shut_down.wait();
  keeping_context.TryCancel();
  static_cast<void>(keeping->Finish());
}

TEST_F(BidiCallTest, EndsAnIdleStreamWhenTheServerShutsDown) {
  Serve(Acknowledge);
  grpc::ClientContext context;
  Stream stream = server_.stub->Exchange(&context);
  ASSERT_TRUE(stream->Write(Message(1)));
  pb::ExchangeResponse response;
  ASSERT_TRUE(stream->Read(&response));
  server_.server->Shutdown();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(GetErrorReason(FromGrpcStatus(stream->Finish())), "SHUTTING_DOWN");
}

TEST_F(BidiCallTest, ClosesTheSessionOfACallerThatLeftWhileItsRequestWasHandled) {
  std::promise<void> entered;
  Serve([&](const pb::ExchangeRequest& request) {
    entered.set_value();
    while (!is_cancelled_()) {
      std::this_thread::yield();
    }
    EXPECT_EQ(open_count_, 1);
    return Acknowledge(request);
  });
  grpc::ClientContext context;
  Stream stream = server_.stub->Exchange(&context);
  ASSERT_TRUE(stream->Write(Message(1)));
  entered.get_future().wait();
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  ASSERT_TRUE(server_.pipeline.open_calls().WaitUntilNone(absl::Minutes(1)));
  EXPECT_EQ(open_count_, 0);
  EXPECT_EQ(server_.observer.logged().at(0).code, absl::StatusCode::kCancelled);
}

// Cancels, half-closes and abandons streams at random moments; the sanitizers watch.
TEST_F(BidiCallTest, SurvivesAStormOfCancels) {
  constexpr int kRounds = 300;
  Serve(Acknowledge);
  std::minstd_rand random(11);
  for (int round = 0; round < kRounds; ++round) {
    grpc::ClientContext context;
    Stream stream = server_.stub->Exchange(&context);
    const unsigned writes = random() % 4;
    for (unsigned i = 1; i <= writes; ++i) {
      ASSERT_TRUE(stream->Write(Message(i)));
    }
    if (random() % 2 == 0) {
      stream->WritesDone();
    }
    pb::ExchangeResponse response;
    for (unsigned i = 0; i < writes && random() % 2 == 0; ++i) {
      ASSERT_TRUE(stream->Read(&response));
    }
    context.TryCancel();
    static_cast<void>(stream->Finish());  // OK or CANCELLED: both may win
  }
  ASSERT_TRUE(server_.pipeline.open_calls().WaitUntilNone(absl::Minutes(1)));
  EXPECT_EQ(open_count_, 0);
  EXPECT_EQ(server_.executor.load().lane_count, 0);
}

}  // namespace
}  // namespace clientele::rpc
