#include "services/loyalty/jobs/feed_horizon.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "common/feed/consumer_positions.h"
#include "common/feed/testing/fake_source.h"
#include "common/rpc/client.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "common/time/clock.h"
#include "common/time/time_proto.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/loyalty/jobs/purchase_consumer.h"
#include "services/loyalty/limits.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::Eq;
using ::testing::Optional;

class FeedHorizonTest : public ::testing::Test, public ApiFixture {
 protected:
  // An hour after the last one.
  std::optional<absl::Time> Read() {
    clock_.Advance(absl::Hours(1));
    return horizon_.Read().value();
  }

  // A purchase recorded at `record_time`.
  static common::v1::Event PurchaseAt(int number, absl::Time record_time) {
    common::v1::Event event = PurchaseRecorded(
        {.customer_id = "c-1", .number = number, .occur_time = NoonOf(1), .gross_minor = 100});
    *event.mutable_record_time() = ToTimestamp(record_time);
    return event;
  }

  // Loyalty has applied all that is in the feed.
  void ApplyAll() {
    feed::GroupFences fences;
    fences.fill(++fence_);
    const absl::Status applied = api().database.RunInTransaction({}, [&](sql::Tx& tx) {
      feed::ConsumerPlace place;
      for (int group = 0; group < feed::PartitionGroup::kCount; ++group) {
        CLIENTELE_RETURN_IF_ERROR(
            feed::ClaimConsumerPositions(tx, kProfileFeed, {group}, fence_, place));
      }
      return feed::MoveConsumerPositions(tx, kProfileFeed, place.positions, profile_.Heads(),
                                         fences);
    });
    ASSERT_EQ(applied, absl::OkStatus());
  }

  // What a read of now says at best.
  absl::Time Newest() const { return clock_.Now() - kRecordedLateMax; }

  FakeClock clock_{NoonOf(400)};
  feed::FakeSource profile_{"profile"};
  int64_t fence_ = 0;
  FeedHorizon horizon_{rpc::Connect(profile_.address()), api().database, clock_};
};

TEST_F(FeedHorizonTest, IsAMinuteBeforeNowWhenAllIsApplied) {
  const std::optional<absl::Time> empty = Read();
  EXPECT_THAT(empty, Optional(Newest()));
  profile_.Tell({PurchaseAt(1, NoonOf(300))});
  ApplyAll();
  const std::optional<absl::Time> applied = Read();
  EXPECT_THAT(applied, Optional(Newest()));
}

TEST_F(FeedHorizonTest, GoesOnWhileEventsNeverCease) {
  profile_.Tell({PurchaseAt(1, NoonOf(300))});
  EXPECT_THAT(Read(), Eq(std::nullopt));
  const absl::Time first = Newest();
  ApplyAll();
  profile_.Tell({PurchaseAt(2, NoonOf(301))});
  EXPECT_THAT(Read(), Optional(first));
  const absl::Time second = Newest();
  ApplyAll();
  profile_.Tell({PurchaseAt(3, NoonOf(302))});
  EXPECT_THAT(Read(), Optional(second));
  profile_.Tell({PurchaseAt(4, NoonOf(303))});
  EXPECT_THAT(Read(), Eq(std::nullopt));
}

TEST_F(FeedHorizonTest, StaysBeforeWhatIsNotInTheFeedYet) {
  profile_.Write({PurchaseAt(1, NoonOf(300))});
  EXPECT_THAT(Read(), Optional(NoonOf(300) - kRecordedLateMax));
}

TEST_F(FeedHorizonTest, IsNotAheadOfItsOwnClock) {
  profile_.Write({PurchaseAt(1, NoonOf(500))});
  const std::optional<absl::Time> horizon = Read();
  EXPECT_THAT(horizon, Optional(Newest()));
}

TEST_F(FeedHorizonTest, KnowsWithoutProfileOnlyWhatItSaidLast) {
  profile_.Tell({PurchaseAt(1, NoonOf(300))});
  EXPECT_THAT(Read(), Eq(std::nullopt));
  const absl::Time first = Newest();
  ApplyAll();
  profile_.Down();
  EXPECT_THAT(Read(), Optional(first));
  EXPECT_THAT(Read(), Optional(first));
  FeedHorizon another(rpc::Connect(profile_.address()), api().database, clock_);
  EXPECT_THAT(another.Read().value(), Eq(std::nullopt));
}

// A profile of the release before says how many events are in its outbox, and not since when.
class OldProfile final : public common::v1::EventService::Service {
 public:
  grpc::Status GetFeedHead(grpc::ServerContext*, const common::v1::GetFeedHeadRequest*,
                           common::v1::FeedHead* head) override {
    head->set_outbox_count(outbox_count);
    return grpc::Status::OK;
  }

  int outbox_count = 0;
};

TEST_F(FeedHorizonTest, AnOlderProfileHasToHaveAnEmptyOutbox) {
  OldProfile profile;
  grpc::ServerBuilder builder;
  builder.RegisterService(&profile);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  FeedHorizon horizon(server->InProcessChannel({}), api().database, clock_);
  profile.outbox_count = 1;
  EXPECT_THAT(horizon.Read().value(), Eq(std::nullopt));
  profile.outbox_count = 0;
  EXPECT_THAT(horizon.Read().value(), Optional(Newest()));
}

}  // namespace
}  // namespace clientele::loyalty
