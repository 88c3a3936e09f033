#include "cli/client/feed_catch_up.h"

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "cli/testing/fake_server.h"
#include "common/rpc/client.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

namespace pb = clientele::common::v1;

// Answers the heads it was given, one after the other, and the last one for ever.
class FakeEvents final : public pb::EventService::Service {
 public:
  explicit FakeEvents(std::vector<std::string> texts) : texts_(std::move(texts)) {}
  grpc::Status GetFeedHead(grpc::ServerContext*, const pb::GetFeedHeadRequest*,
                           pb::FeedHead* head) override {
    const size_t answer = std::min(next_++, texts_.size() - 1);
    google::protobuf::TextFormat::ParseFromString(texts_[answer], head);
    return grpc::Status::OK;
  }

 private:
  std::vector<std::string> texts_;
  size_t next_ = 0;
};

class FeedCatchUpTest : public testing::Test {
 protected:
  std::unique_ptr<pb::EventService::Stub> Serve(std::vector<std::string> heads) {
    events_ = std::make_unique<FakeEvents>(std::move(heads));
    server_ = std::make_unique<FakeServer>(std::vector<grpc::Service*>{events_.get()});
    return pb::EventService::NewStub(rpc::Connect(server_->address()));
  }

  std::unique_ptr<FakeEvents> events_;
  std::unique_ptr<FakeServer> server_;
  absl::Time deadline_ = absl::Now() + absl::Seconds(30);
  std::vector<int64_t> behind_;
  FeedPause pause_ = [this](absl::Duration, int64_t events_behind) {
    behind_.push_back(events_behind);
    return false;
  };
};

TEST_F(FeedCatchUpTest, WaitsForWhatLiesInTheOutbox) {
  const auto stub = Serve({"heads { partition: 3 position: 10 } outbox_count: 4",
                           "heads { partition: 3 position: 12 } outbox_count: 7",
                           "heads { partition: 3 position: 14 } outbox_count: 6"});
  const auto positions = RecordedPositions(*stub, deadline_, pause_);
  ASSERT_TRUE(positions.ok()) << positions.status();
  EXPECT_THAT(*positions, ElementsAre(Pair(3, 14)));
}

TEST_F(FeedCatchUpTest, WaitsUntilEveryPartitionIsConsumed) {
  const auto stub = Serve({"consumers { source: 'profile' positions { partition: 1 position: 5 } }",
                           "consumers { source: 'profile' positions { partition: 1 position: 9 } }",
                           "consumers { source: 'profile' positions { partition: 1 position: 9 } "
                           "positions { partition: 2 position: 3 } }"});
  EXPECT_EQ(WaitUntilConsumed(*stub, "profile", {{1, 8}, {2, 3}}, deadline_, pause_),
            absl::OkStatus());
  EXPECT_THAT(behind_, ElementsAre(6, 3));
}

TEST_F(FeedCatchUpTest, AnEmptyFeedNeedsNoConsumer) {
  const auto stub = Serve({""});
  EXPECT_EQ(WaitUntilConsumed(*stub, "profile", {}, deadline_, pause_), absl::OkStatus());
  EXPECT_THAT(behind_, IsEmpty());
}

TEST_F(FeedCatchUpTest, FailsWhenNobodyConsumesTheFeed) {
  const auto stub = Serve({""});
  EXPECT_TRUE(
      absl::IsFailedPrecondition(WaitUntilConsumed(*stub, "profile", {{1, 1}}, deadline_, pause_)));
}

TEST_F(FeedCatchUpTest, FailsWhenTimeIsUp) {
  const auto stub = Serve({"consumers { source: 'profile' }"});
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      WaitUntilConsumed(*stub, "profile", {{1, 1}}, absl::Now() + absl::Milliseconds(50), pause_)));
}

TEST_F(FeedCatchUpTest, EndsWhenTheUserInterrupts) {
  const auto stub = Serve({"consumers { source: 'profile' }"});
  EXPECT_TRUE(absl::IsCancelled(WaitUntilConsumed(*stub, "profile", {{1, 1}}, deadline_,
                                                  [](absl::Duration, int64_t) { return true; })));
}

TEST_F(FeedCatchUpTest, KnowsTheHeadsTheConsumerHasHeardOf) {
  const auto stub =
      Serve({"consumers { source: 'loyalty' source_heads { partition: 1 position: 1 } }"
             "consumers { source: 'profile' source_heads { partition: 2 position: 7 } }"});
  const auto positions = HeardPositions(*stub, "profile", deadline_);
  ASSERT_TRUE(positions.ok());
  EXPECT_THAT(*positions, ElementsAre(Pair(2, 7)));
}

}  // namespace
}  // namespace clientele::cli
