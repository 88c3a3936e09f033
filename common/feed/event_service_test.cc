// EventService on a real server, over the wire.

#include "common/feed/event_service.h"

#include <thread>

#include "clientele/common/v1/event_service.grpc.pb.h"
#include "common/feed/consumer_positions.h"
#include "common/feed/feed_trimmer.h"
#include "common/feed/outbox_mover.h"
#include "common/feed/resume_token.h"
#include "common/feed/testing/feed_server.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/feed/testing/whole_share.h"
#include "common/rpc/client.h"
#include "common/rpc/status_mapping.h"
#include "common/status/error.h"

namespace clientele::feed {
namespace {

namespace v1 = clientele::common::v1;

class FixedStatus final : public ConsumerStatusSource {
 public:
  ConsumerStatus Status() const override {
    ConsumerStatus status;
    status.source = "loyalty";
    status.source_heads[3] = 9;
    status.heard_time = absl::FromUnixSeconds(1'700'000'000);
    return status;
  }
};

class EventServiceTest : public ::testing::Test {
 protected:
  void Append(const std::string& customer_id, int count) {
    ASSERT_EQ(database_->RunInTransaction(
                  {}, [&](sql::Tx& tx) { return AppendNumbered(tx, customer_id, count); }),
              absl::OkStatus());
  }

  void Publish(const std::string& customer_id, int count) {
    Append(customer_id, count);
    ASSERT_TRUE(mover_.Move().ok());
    notifier_.Notify();
  }

  SystemClock clock_;
  std::unique_ptr<sql::Database> database_ = OpenFreshSqlite();
  FeedNotifier notifier_;
  OutboxMover mover_{*database_, clock_, "local", absl::Seconds(3600), 1000};
  FixedStatus loyalty_;
  FeedServer server_{{.service_name = "profile",
                      .database = *database_,
                      .notifier = notifier_,
                      .clock = clock_,
                      .consumers = {&loyalty_},
                      .event_types = {"clientele.test.happened.v1"}}};
  const std::unique_ptr<v1::EventService::Stub> stub_ =
      v1::EventService::NewStub(rpc::Connect(server_.address()));
};

TEST_F(EventServiceTest, SendsWhatIsThereAndThenWhatComes) {
  Publish("c-1", 2);
  grpc::ClientContext context;
  const auto reader = stub_->WatchEvents(&context, v1::WatchEventsRequest());
  v1::WatchEventsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_EQ(response.events_size(), 2);
  EXPECT_TRUE(response.caught_up());
  Publish("c-1", 1);
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_EQ(response.events_size(), 1);
  EXPECT_EQ(response.events(0).id(), "c-1#3");
  context.TryCancel();
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(EventServiceTest, SendsHeartbeatsWhenNothingHappens) {
  v1::WatchEventsRequest request;
  request.mutable_heartbeat_interval()->set_nanos(100'000'000);
  grpc::ClientContext context;
  const auto reader = stub_->WatchEvents(&context, request);
  v1::WatchEventsResponse response;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(reader->Read(&response));
    EXPECT_EQ(response.events_size(), 0);
    EXPECT_EQ(response.heads_size(), kPartitionCount);
  }
  context.TryCancel();
  reader->Finish();
}

TEST_F(EventServiceTest, EndsAtTheHeadWhenAskedTo) {
  Publish("c-1", 3);
  v1::WatchEventsRequest request;
  request.set_stop_at_head(true);
  grpc::ClientContext context;
  const auto reader = stub_->WatchEvents(&context, request);
  v1::WatchEventsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.events_size(), 3);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(EventServiceTest, LeavesATokenWhenItDrains) {
  Publish("c-1", 1);
  grpc::ClientContext context;
  const auto reader = stub_->WatchEvents(&context, v1::WatchEventsRequest());
  v1::WatchEventsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  std::thread shutdown([this] { server_.Shutdown(); });
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.events_size(), 0);
  EXPECT_EQ(DecodeResumeToken("profile", response.next_resume_token())->at(PartitionOf("c-1")), 1);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
  shutdown.join();
}

TEST_F(EventServiceTest, RefusesAMalformedRequestWithEveryViolation) {
  v1::WatchEventsRequest request;
  request.set_resume_token("garbage");
  request.add_partitions(99);
  request.add_types("clientele.test.happened.v1");
  request.add_types("clientele.test.happend.v1");
  grpc::ClientContext context;
  const auto reader = stub_->WatchEvents(&context, request);
  v1::WatchEventsResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const absl::Status status = rpc::FromGrpcStatus(reader->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::vector<FieldViolation> violations = GetErrorDetails(status)->field_violations;
  ASSERT_EQ(violations.size(), 3u);
  EXPECT_EQ(violations[0].field, "types[1]");
}

TEST_F(EventServiceTest, TellsHowFarTheFeedAndItsConsumersAre) {
  Publish("c-1", 4);
  Append("c-2", 3);
  Positions positions{};
  positions[3] = 7;
  ASSERT_EQ(database_->RunInTransaction(
                {},
                [&](sql::Tx& tx) -> absl::Status {
                  const absl::Status claimed = ClaimWholeShare(tx, "loyalty", 1).status();
                  return claimed.ok()
                             ? MoveConsumerPositions(tx, "loyalty", {}, positions, WholeShare(1))
                             : claimed;
                }),
            absl::OkStatus());
  grpc::ClientContext context;
  v1::FeedHead head;
  ASSERT_TRUE(stub_->GetFeedHead(&context, v1::GetFeedHeadRequest(), &head).ok());
  EXPECT_EQ(head.outbox_count(), 3);
  EXPECT_EQ(head.outbox_record_time().seconds(), 1'699'999'997);
  ASSERT_EQ(head.heads_size(), kPartitionCount);
  EXPECT_EQ(head.heads(PartitionOf("c-1")).position(), 4);
  ASSERT_EQ(head.consumers_size(), 1);
  EXPECT_EQ(head.consumers(0).source(), "loyalty");
  EXPECT_EQ(head.consumers(0).positions(3).position(), 7);
  EXPECT_EQ(head.consumers(0).source_heads(3).position(), 9);
  EXPECT_EQ(head.consumers(0).heard_time().seconds(), 1'700'000'000);
}

TEST_F(EventServiceTest, TellsWhatItKeepsAndForWhom) {
  Publish("c-1", 5);
  const int partition = PartitionOf("c-1");
  v1::WatchEventsRequest request;
  Positions durable{};
  durable[partition] = 3;
  request.set_resume_token(EncodeResumeToken("profile", durable));
  request.add_partitions(partition);
  request.set_consumer("reader");
  request.set_stop_at_head(true);
  grpc::ClientContext watch_context;
  const auto reader = stub_->WatchEvents(&watch_context, request);
  v1::WatchEventsResponse response;
  while (reader->Read(&response)) {
  }
  ASSERT_TRUE(reader->Finish().ok());
  ASSERT_EQ(TrimFeed(*database_, {.keep = absl::ZeroDuration()}).value(), 3);

  grpc::ClientContext context;
  v1::FeedHead head;
  ASSERT_TRUE(stub_->GetFeedHead(&context, v1::GetFeedHeadRequest(), &head).ok());
  EXPECT_EQ(head.oldest(partition).position(), 4);
  EXPECT_EQ(DecodeResumeToken("profile", head.oldest_resume_token()).value(), durable);
  ASSERT_EQ(head.registered_consumers_size(), 1);
  EXPECT_EQ(head.registered_consumers(0).name(), "reader");
  ASSERT_EQ(head.registered_consumers(0).positions_size(), 1);
  EXPECT_EQ(head.registered_consumers(0).positions(0).position(), 3);
  EXPECT_GT(head.registered_consumers(0).seen_time().seconds(), 1'700'000'000);
}

TEST_F(EventServiceTest, RefusesATokenWhoseEventsAreNoLongerKept) {
  Publish("c-1", 2);
  ASSERT_EQ(TrimFeed(*database_, {.keep = absl::ZeroDuration()}).value(), 1);
  grpc::ClientContext context;
  const auto reader = stub_->WatchEvents(&context, v1::WatchEventsRequest());
  v1::WatchEventsResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const absl::Status status = rpc::FromGrpcStatus(reader->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(GetErrorDetails(status)->metadata.at("oldest_position"), "2");
}

}  // namespace
}  // namespace clientele::feed
