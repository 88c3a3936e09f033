// The consumer against a source that says whatever a test wants.

#include "common/feed/consumer.h"

#include <atomic>
#include <mutex>

#include "common/feed/testing/consumer_fixture.h"
#include "common/status/error.h"

namespace clientele::feed {
namespace {

TEST_F(ConsumerTest, StopsAtAHoleAndSaysSo) {
  StartSource([&](grpc::ServerContext&, const v1::WatchEventsRequest&, WatchWriter& writer) {
    Send(writer, MakeMessage(1, 2));
    Send(writer, MakeMessage(4, 5));
    return grpc::Status::OK;
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  const ConsumerStatus status = consumer_->Status();
  EXPECT_EQ(GetErrorReason(status.error), "FEED_HOLE");
  EXPECT_EQ(status.positions[0], 2);
  EXPECT_EQ(log_.Read(*database_).size(), 2u);
}

TEST_F(ConsumerTest, StopsWhenTheSourceHasNoSuchPosition) {
  StartSource([&](grpc::ServerContext&, const v1::WatchEventsRequest&, WatchWriter&) {
    return grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "expired");
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  EXPECT_EQ(consumer_->Status().error.code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(progress_.Await([&] { return error_count_ == 1; }));
  EXPECT_EQ(final_count_, 1);
}

TEST_F(ConsumerTest, StopsWhenTheHandlerRefusesForGood) {
  log_.SetFault([] { return absl::InvalidArgumentError("cannot be applied"); });
  StartSource(
      [&](grpc::ServerContext& context, const v1::WatchEventsRequest&, WatchWriter& writer) {
        Send(writer, MakeMessage(1, 2));
        return StayOpen(context, writer, 2);
      });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  EXPECT_TRUE(log_.Read(*database_).empty());
}

TEST_F(ConsumerTest, ComesBackWithItsOwnPositionAfterEveryBreak) {
  std::atomic<int> stream_count{0};
  StartSource(
      [&](grpc::ServerContext&, const v1::WatchEventsRequest& request, WatchWriter& writer) {
        const int64_t from = DecodeResumeToken("profile", request.resume_token()).value()[0];
        ++stream_count;
        Send(writer, MakeMessage(from + 1, from + 3));
        return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
      });
  StartConsumer();
  EXPECT_TRUE(progress_.Await([&] { return stream_count >= 5; }));
  consumer_->Stop();
  const std::vector<std::string> applied = log_.Read(*database_);
  EXPECT_GE(applied.size(), 9u);
  for (size_t i = 0; i < applied.size(); ++i) {
    EXPECT_EQ(applied[i], absl::StrCat("c-1#", i + 1));
  }
}

TEST_F(ConsumerTest, KeepsTryingWhileTheSourceIsAway) {
  StartConsumer();
  EXPECT_TRUE(progress_.Await([&] { return error_count_ >= 3; }));
  const ConsumerStatus status = consumer_->Status();
  EXPECT_EQ(status.state, ConsumerState::kConnecting);
  EXPECT_FALSE(status.heard_time.has_value());
  const absl::Time later = clock_.Now() + absl::Minutes(10);
  EXPECT_GE(LagTime(status, later), absl::Minutes(10));
  EXPECT_LT(LagTime(status, later), absl::Minutes(30)) << "it counts from when it got partitions";
  EXPECT_EQ(LagEvents(status), std::nullopt) << "0 would say that it has everything";
  EXPECT_EQ(final_count_, 0) << "it tries again";
  consumer_->Stop();
  EXPECT_EQ(consumer_->Status().state, ConsumerState::kStopped);
}

TEST_F(ConsumerTest, StopsAtOnceInTheMiddleOfASilentStream) {
  std::atomic<bool> open{false};
  StartSource(
      [&](grpc::ServerContext& context, const v1::WatchEventsRequest&, WatchWriter& writer) {
        Send(writer, MakeMessage(1, 1));
        open = true;
        progress_.Wake();
        return StayOpen(context, writer, 1);
      });
  StartConsumer();
  EXPECT_TRUE(progress_.Await([&] { return open.load(); }));
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  consumer_->Stop();
  EXPECT_EQ(consumer_->Status().state, ConsumerState::kStopped);
}

TEST_F(ConsumerTest, KnowsHowFarTheSourceIsAhead) {
  StartSource(
      [&](grpc::ServerContext& context, const v1::WatchEventsRequest&, WatchWriter& writer) {
        v1::WatchEventsResponse message = MakeMessage(1, 2);
        message.mutable_heads(0)->set_position(12);
        Send(writer, message);
        while (!context.IsCancelled()) {
          v1::WatchEventsResponse heartbeat = MakeMessage(3, 2);
          heartbeat.mutable_heads(0)->set_position(12);
          Send(writer, heartbeat);
        }
        return grpc::Status::OK;
      });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  const ConsumerStatus status = consumer_->Status();
  EXPECT_GT(LagTime(status, clock_.Now()), absl::Hours(1)) << "applied, but not all";
  EXPECT_EQ(LagEvents(status), 10);
  EXPECT_TRUE(status.heard_time.has_value());
}

TEST_F(ConsumerTest, RegistersWithItsSourceAndAsksForItsPartitions) {
  std::mutex mutex;
  std::vector<v1::WatchEventsRequest> requests;
  StartSource([&](grpc::ServerContext& context, const v1::WatchEventsRequest& request,
                  WatchWriter& writer) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      requests.push_back(request);
    }
    return StayOpen(context, writer, 0);
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  consumer_->Stop();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].consumer(), "thing");
  EXPECT_EQ(requests[0].partitions_size(), kPartitionCount);
}

TEST(LagTimeTest, IsHowOldTheOldestEventIsThatIsNotApplied) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  ConsumerStatus status;
  status.state = ConsumerState::kFollowing;
  EXPECT_EQ(LagTime(status, now), std::nullopt) << "other replicas have the partitions";
  status.partitions = AllPartitions();
  status.heard_time = now - absl::Seconds(3);
  EXPECT_EQ(LagTime(status, now), absl::ZeroDuration());
  status.pending_record_time = now - absl::Seconds(40);
  EXPECT_EQ(LagTime(status, now), absl::Seconds(40));
  status.pending_record_time = now + absl::Seconds(1);
  EXPECT_EQ(LagTime(status, now), absl::ZeroDuration()) << "the source's clock is ahead";
}

TEST(LagTimeTest, GrowsWhileTheSourceIsAway) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  ConsumerStatus status;
  status.partitions = AllPartitions();
  status.state = ConsumerState::kConnecting;
  status.start_time = now - absl::Seconds(90);
  EXPECT_EQ(LagTime(status, now), absl::Seconds(90)) << "it has never been there";
  status.heard_time = now - absl::Seconds(30);
  EXPECT_EQ(LagTime(status, now), absl::Seconds(30));
  status.start_time = now - absl::Seconds(5);
  EXPECT_EQ(LagTime(status, now), absl::Seconds(5)) << "meanwhile others had its partitions";
}

}  // namespace
}  // namespace clientele::feed
