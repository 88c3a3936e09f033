#include "common/rpc/server_stream_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "common/rpc/status_mapping.h"
#include "common/rpc/testing/echo_server.h"
#include "common/status/error.h"

namespace clientele::rpc {
namespace {

using Reader = std::unique_ptr<grpc::ClientReader<pb::WatchResponse>>;

// What the sessions of one test share. Thread-safe.
struct Feed {
  std::atomic<int> open_count = 0;
  std::atomic<int> made_count = 0;
  std::atomic<int> published = 0;  // how many messages each session has to send
  std::mutex mutex;
  std::vector<std::function<void()>> wakers;  // guarded by mutex; never removed, as they may be

  void Publish() {
    ++published;
    std::lock_guard<std::mutex> lock(mutex);
    for (const auto& wake : wakers) {
      wake();
    }
  }
};

// Sends a message per published one, "bye" when draining.
class FeedSession final : public WatchSession {
 public:
  explicit FeedSession(Feed& feed) : feed_(feed) {
    ++feed_.open_count;
    ++feed_.made_count;
  }
  ~FeedSession() override { --feed_.open_count; }

  void SetWaker(std::function<void()> wake) override {
    std::lock_guard<std::mutex> lock(feed_.mutex);
    feed_.wakers.push_back(std::move(wake));
  }

  absl::StatusOr<StreamStep> Next(pb::WatchResponse& response, bool draining) override {
    EXPECT_EQ(response.text(), "");
    if (draining && !said_bye_) {
      said_bye_ = true;
      response.set_text("bye");
      return StreamStep{StreamStep::Kind::kSend};
    }
    if (draining) {
      return StreamStep{StreamStep::Kind::kEnd};
    }
    if (sent_ == feed_.published) {
      return StreamStep{StreamStep::Kind::kWait};
    }
    response.set_text(std::to_string(++sent_));
    return StreamStep{StreamStep::Kind::kSend};
  }

 private:
  Feed& feed_;
  int sent_ = 0;
  bool said_bye_ = false;
};

class ServerStreamCallTest : public testing::Test {
 protected:
  ServerStreamCallTest() {
    server_.handlers.watch = [this](CallContext&) -> absl::StatusOr<std::unique_ptr<WatchSession>> {
      return std::make_unique<FeedSession>(feed_);
    };
    server_.handlers.echo = [](CallContext&) { return pb::EchoResponse(); };
  }

  Reader Watch(grpc::ClientContext& context) { return server_.stub->Watch(&context, {}); }

  void WaitForIdle(int stream_count) {
    while (feed_.open_count < stream_count || server_.executor.load().running_count > 0 ||
           server_.executor.load().arrival_count > 0) {
      std::this_thread::yield();
    }
  }

  // Before the server, whose streams use it until they have ended.
  Feed feed_;
  EchoServer server_{{.thread_limit = 2, .arrival_limit = 512}};
};

TEST_F(ServerStreamCallTest, SendsWhatTheSessionGivesInOrder) {
  feed_.published = 3;
  grpc::ClientContext context;
  Reader reader = Watch(context);
  pb::WatchResponse message;
  for (const char* expected : {"1", "2", "3"}) {
    ASSERT_TRUE(reader->Read(&message));
    EXPECT_EQ(message.text(), expected);
  }
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ServerStreamCallTest, TwoHundredIdleStreamsHoldNoneOfTwoThreads) {
  constexpr int kStreams = 200;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<Reader> readers;
  for (int i = 0; i < kStreams; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    readers.push_back(Watch(*contexts.back()));
  }
  WaitForIdle(kStreams);
  EXPECT_EQ(server_.executor.load().lane_count, kStreams);
  grpc::ClientContext unary_context;
  pb::EchoResponse head;
  EXPECT_TRUE(server_.stub->Echo(&unary_context, {}, &head).ok());

  feed_.Publish();
  pb::WatchResponse message;
  for (const Reader& reader : readers) {
    ASSERT_TRUE(reader->Read(&message));
    EXPECT_EQ(message.text(), "1");
  }
  for (int i = 0; i < kStreams; ++i) {
    contexts[i]->TryCancel();
    EXPECT_EQ(readers[i]->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  ASSERT_TRUE(server_.pipeline.open_calls().WaitUntilNone(absl::Minutes(1)));
  EXPECT_EQ(feed_.open_count, 0);
  EXPECT_EQ(server_.executor.load().lane_count, 0);
  feed_.Publish();  // the wakers of streams that have ended do nothing
}

TEST_F(ServerStreamCallTest, AsksAgainAfterTheDelayOfAWait) {
  class Heartbeat final : public WatchSession {
   public:
    void SetWaker(std::function<void()>) override {}
    absl::StatusOr<StreamStep> Next(pb::WatchResponse&, bool) override {
      ++asked_;
      return asked_ % 2 == 1 ? StreamStep{StreamStep::Kind::kWait, absl::Milliseconds(1)}
                             : StreamStep{StreamStep::Kind::kSend};
    }
    int asked_ = 0;
  };
  server_.handlers.watch = [](CallContext&) -> absl::StatusOr<std::unique_ptr<WatchSession>> {
    return std::make_unique<Heartbeat>();
  };
  grpc::ClientContext context;
  Reader reader = Watch(context);
  pb::WatchResponse message;
  EXPECT_TRUE(reader->Read(&message));
  EXPECT_TRUE(reader->Read(&message));
  context.TryCancel();
  EXPECT_FALSE(reader->Finish().ok());
}

TEST_F(ServerStreamCallTest, EndsWithTheErrorOfTheSessionOrOfItsOpening) {
  server_.handlers.watch = [](CallContext&) -> absl::StatusOr<std::unique_ptr<WatchSession>> {
    return ErrorBuilder(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED", "too old").Build();
  };
  grpc::ClientContext context;
  const grpc::Status status = Watch(context)->Finish();
  EXPECT_EQ(GetErrorReason(FromGrpcStatus(status)), "RESUME_TOKEN_EXPIRED");
}

TEST_F(ServerStreamCallTest, TellsStreamsThatTheServerShutsDownAndEndsThem) {
  constexpr int kStreams = 20;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<Reader> readers;
  for (int i = 0; i < kStreams; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    readers.push_back(Watch(*contexts.back()));
  }
  WaitForIdle(kStreams);
  server_.server->Shutdown();
  pb::WatchResponse message;
  for (const Reader& reader : readers) {
    ASSERT_TRUE(reader->Read(&message));
    EXPECT_EQ(message.text(), "bye");
    EXPECT_FALSE(reader->Read(&message));
    EXPECT_TRUE(reader->Finish().ok());
  }
  EXPECT_EQ(feed_.open_count, 0);
}

TEST_F(ServerStreamCallTest, EndsASessionThatOverlooksTheShutdown) {
  class Deaf final : public WatchSession {
   public:
    void SetWaker(std::function<void()>) override {}
    absl::StatusOr<StreamStep> Next(pb::WatchResponse&, bool) override {
      return StreamStep{StreamStep::Kind::kWait};
    }
  };
  server_.handlers.watch = [](CallContext&) -> absl::StatusOr<std::unique_ptr<WatchSession>> {
    return std::make_unique<Deaf>();
  };
  grpc::ClientContext context;
  Reader reader = Watch(context);
  while (server_.executor.load().lane_count < 1) {
    std::this_thread::yield();
  }
  server_.server->Shutdown();
  EXPECT_EQ(GetErrorReason(FromGrpcStatus(reader->Finish())), "SHUTTING_DOWN");
}

TEST_F(ServerStreamCallTest, RefusesStreamsAboveTheLimitOfLanes) {
  EchoServer small({.thread_limit = 1, .lane_limit = 1});
  small.handlers.watch = server_.handlers.watch;
  grpc::ClientContext first_context;
  Reader first = small.stub->Watch(&first_context, {});
  while (small.executor.load().lane_count < 1) {
    std::this_thread::yield();
  }
  grpc::ClientContext second_context;
  Reader second = small.stub->Watch(&second_context, {});
  EXPECT_EQ(GetErrorReason(FromGrpcStatus(second->Finish())), "OVERLOADED");
  first_context.TryCancel();
  EXPECT_FALSE(first->Finish().ok());
}

// Cancels at every moment of a stream's life while messages flow; the sanitizers watch.
TEST_F(ServerStreamCallTest, SurvivesAStormOfCancels) {
  constexpr int kRounds = 300;
  std::atomic<bool> stop = false;
  std::thread publisher([&] {
    while (!stop) {
      feed_.Publish();
    }
  });
  std::minstd_rand random(7);
  for (int round = 0; round < kRounds; ++round) {
    grpc::ClientContext context;
    Reader reader = Watch(context);
    pb::WatchResponse message;
    for (unsigned reads = random() % 4; reads > 0; --reads) {
      ASSERT_TRUE(reader->Read(&message));
    }
    context.TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  stop = true;
  publisher.join();
  ASSERT_TRUE(server_.pipeline.open_calls().WaitUntilNone(absl::Minutes(1)));
  EXPECT_EQ(feed_.open_count, 0);
  EXPECT_EQ(server_.observer.count("logged"), server_.observer.count("started"));
}

}  // namespace
}  // namespace clientele::rpc
