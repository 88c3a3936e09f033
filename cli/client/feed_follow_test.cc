#include "cli/client/feed_follow.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/testing/fake_server.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "common/feed/outbox_mover.h"
#include "common/feed/testing/feed_server.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/rpc/client.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace pb = clientele::common::v1;

// A feed of which stream number n sends what `on_stream` writes and ends as it says.
class FakeFeed final : public pb::EventService::Service {
 public:
  using Writer = grpc::ServerWriter<pb::WatchEventsResponse>;

  grpc::Status WatchEvents(grpc::ServerContext*, const pb::WatchEventsRequest* request,
                           Writer* writer) override {
    tokens.push_back(request->resume_token());
    return on_stream(static_cast<int>(tokens.size()), *writer);
  }

  std::function<grpc::Status(int stream, Writer& writer)> on_stream;
  std::vector<std::string> tokens;  // that each stream began with
};

// Sends the one event `id`, which the token `id` resumes after.
void Send(const std::string& id, FakeFeed::Writer& writer, bool caught_up = false) {
  pb::WatchEventsResponse response;
  response.add_events()->set_id(id);
  response.set_next_resume_token(id);
  response.set_caught_up(caught_up);
  writer.Write(response);
}

const grpc::Status kGone(grpc::StatusCode::UNAVAILABLE, "gone");

class FeedFollowTest : public testing::Test {
 protected:
  // Follows the fake until `wanted_count` events came.
  absl::Status Follow(int wanted_count, bool stop_at_head = false) {
    pb::WatchEventsRequest request;
    request.set_stop_at_head(stop_at_head);
    return FollowFeed(rpc::Connect(server_.address()), request,
                      {.backoff_min = absl::Milliseconds(1)},
                      [&](const pb::WatchEventsResponse& response) {
                        for (const pb::Event& event : response.events()) {
                          ids_.push_back(event.id());
                        }
                        return static_cast<int>(ids_.size()) < wanted_count;
                      });
  }

  FakeFeed feed_;
  FakeServer server_{{&feed_}};
  std::vector<std::string> ids_;
};

TEST_F(FeedFollowTest, OpensABrokenStreamAgainAfterTheLastMessage) {
  feed_.on_stream = [](int stream, FakeFeed::Writer& writer) {
    Send(absl::StrCat("e-", 2 * stream), writer);
    Send(absl::StrCat("e-", 2 * stream + 1), writer);
    return kGone;
  };
  EXPECT_EQ(Follow(5), absl::OkStatus());
  EXPECT_THAT(ids_, ElementsAre("e-2", "e-3", "e-4", "e-5", "e-6"));
  EXPECT_THAT(feed_.tokens, ElementsAre("", "e-3", "e-5"));
}

TEST_F(FeedFollowTest, GivesUpAfterSoManyBreaksWithoutAnyMessage) {
  feed_.on_stream = [](int stream, FakeFeed::Writer& writer) {
    if (stream == 1) Send("e-1", writer);
    return kGone;
  };
  const absl::Status status = Follow(9);
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(ids_, ElementsAre("e-1"));
  EXPECT_EQ(feed_.tokens.size(), 1 + kReopensMax);
}

TEST_F(FeedFollowTest, BeginsToCountAnewWithEachMessage) {
  feed_.on_stream = [](int stream, FakeFeed::Writer& writer) {
    if (stream % kReopensMax == 1) Send(absl::StrCat("e-", stream), writer);
    return kGone;
  };
  EXPECT_EQ(Follow(4), absl::OkStatus());
  EXPECT_THAT(ids_, ElementsAre("e-1", "e-6", "e-11", "e-16"));
}

TEST_F(FeedFollowTest, DoesNotInsistOnAServerThatNeverAnswered) {
  feed_.on_stream = [](int, FakeFeed::Writer&) { return kGone; };
  EXPECT_TRUE(absl::IsUnavailable(Follow(9)));
  EXPECT_EQ(feed_.tokens.size(), 1);
}

TEST_F(FeedFollowTest, ReturnsWhatTryingAgainWouldNotChange) {
  feed_.on_stream = [](int stream, FakeFeed::Writer& writer) {
    if (stream == 1) {
      Send("e-1", writer);
      return kGone;
    }
    return NamedError(absl::StatusCode::kInvalidArgument, "INVALID_RESUME_TOKEN", "bad token");
  };
  EXPECT_EQ(GetErrorReason(Follow(9)), "INVALID_RESUME_TOKEN");
  EXPECT_EQ(feed_.tokens.size(), 2);
}

TEST_F(FeedFollowTest, ADrainingServerIsNotTheHead) {
  feed_.on_stream = [](int stream, FakeFeed::Writer& writer) {
    Send(absl::StrCat("e-", stream), writer, /*caught_up=*/stream == 2);
    return grpc::Status::OK;
  };
  EXPECT_EQ(Follow(9, /*stop_at_head=*/true), absl::OkStatus());
  EXPECT_THAT(ids_, ElementsAre("e-1", "e-2"));
}

// A real server whose connections live for moments.
TEST(FeedFollow, PrintsEachEventOnceOverConnectionsThatEndByAge) {
  const SystemClock clock;
  const std::unique_ptr<sql::Database> database = feed::OpenFreshSqlite();
  feed::FeedNotifier notifier;
  feed::OutboxMover mover(*database, clock, "local", absl::Hours(1), 1000);
  const feed::FeedServer server({.service_name = "profile",
                                 .database = *database,
                                 .notifier = notifier,
                                 .clock = clock,
                                 .consumers = {}},
                                {.connection_age_max = absl::Milliseconds(100),
                                 .connection_age_grace = absl::Milliseconds(100)});
  int published_count = 0;
  const auto publish = [&] {
    ASSERT_EQ(database->RunInTransaction(
                  {}, [&](sql::Tx& tx) { return feed::AppendNumbered(tx, "c-1", 2); }),
              absl::OkStatus());
    ASSERT_TRUE(mover.Move().ok());
    notifier.Notify();
    published_count += 2;
  };
  publish();

  // A new stream says at once that there is nothing new: the next heartbeat is ten seconds away.
  std::vector<std::string> ids;
  int reopened_count = 0;
  const absl::Status status = FollowFeed(
      rpc::Connect(server.address()), pb::WatchEventsRequest(),
      {.backoff_min = absl::Milliseconds(1)}, [&](const pb::WatchEventsResponse& response) {
        for (const pb::Event& event : response.events()) {
          ids.push_back(event.id());
        }
        if (response.events().empty()) {
          ++reopened_count;
          publish();
        }
        return reopened_count < 3 || static_cast<int>(ids.size()) < published_count;
      });
  EXPECT_EQ(status, absl::OkStatus());
  EXPECT_THAT(ids,
              ElementsAre("c-1#1", "c-1#2", "c-1#3", "c-1#4", "c-1#5", "c-1#6", "c-1#7", "c-1#8"));
}

TEST(FeedFollow, SaysSoWhenNobodyListens) {
  const absl::Status status = FollowFeed(rpc::Connect("127.0.0.1:1"), {}, {},
                                         [](const pb::WatchEventsResponse&) { return true; });
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("connect"));
}

}  // namespace
}  // namespace clientele::cli
