// When a consumer takes an export instead of the feed's first events.

#include <atomic>
#include <set>
#include <string>
#include <vector>

#include "common/feed/consumer_positions.h"
#include "common/feed/testing/consumer_fixture.h"
#include "common/feed/testing/whole_share.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

using ::testing::ElementsAre;
using Phase = ConsumerBootstrap::Phase;

TEST_F(ConsumerTest, BeginsWithAnExportWhenTheFirstEventsAreGone) {
  StartLossySource([](const v1::ExportEventsRequest& request, ExportWriter& writer) {
    EXPECT_EQ(request.consumer(), "thing");
    EXPECT_EQ(request.partitions_size(), kPartitionCount);
    writer.Write(MakeExport(0, "t-1"));
    writer.Write(MakeExport(1, "t-2"));
    writer.Write(MakeExport(2, ""));
    return grpc::Status::OK;
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  EXPECT_THAT(log_.Read(*database_), ElementsAre("c-1#1", "c-1#2", "c-1#6"));
  EXPECT_EQ(consumer_->Status().positions[0], 6);
  EXPECT_THAT(Phases(), ElementsAre(Phase::kBegun, Phase::kDone));
  EXPECT_EQ(exported_count_, 2);
  EXPECT_EQ(final_count_, 0);
}

TEST_F(ConsumerTest, GoesOnWithABrokenExportWhereItWas) {
  StartLossySource([](const v1::ExportEventsRequest& request, ExportWriter& writer) {
    if (request.page_token().empty()) {
      writer.Write(MakeExport(0, "t-1"));
      writer.Write(MakeExport(1, "t-2"));
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
    }
    EXPECT_EQ(request.page_token(), "t-2");
    writer.Write(MakeExport(2, ""));
    return grpc::Status::OK;
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  EXPECT_THAT(log_.Read(*database_), ElementsAre("c-1#1", "c-1#2", "c-1#6"));
  EXPECT_THAT(Phases(), ElementsAre(Phase::kBegun, Phase::kResumed, Phase::kDone));
}

TEST_F(ConsumerTest, IsAsFarBehindAsTheFeedIsLongUntilTheExportIsThrough) {
  std::atomic<bool> goes_on{false};
  StartLossySource([&](const v1::ExportEventsRequest&, ExportWriter& writer) {
    writer.Write(MakeExport(0, "t-1"));
    writer.Write(MakeExport(1, "t-2"));
    EXPECT_TRUE(progress_.Await([&] { return goes_on.load(); }));
    writer.Write(MakeExport(0, ""));
    return grpc::Status::OK;
  });
  log_.SetFault([this] {
    progress_.Wake();
    return absl::OkStatus();
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kExporting));
  const ConsumerStatus status = consumer_->Status();
  EXPECT_EQ(LagEvents(status), 5);
  goes_on = true;
  progress_.Wake();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
}

TEST_F(ConsumerTest, BeginsAnewWhenABrokenExportCannotBeFinished) {
  for (const absl::Status& refusal :
       {InvalidExportToken("is malformed"), ResumeTokenExpired(OnlyTheFirst(), 6, 9)}) {
    std::atomic<int> begun_count{0};
    StartLossySource([&](const v1::ExportEventsRequest& request, ExportWriter& writer) {
      if (!request.page_token().empty()) {
        return rpc::ToGrpcStatus(refusal, "profile.clientele");
      }
      writer.Write(MakeExport(0, "t-1"));
      if (++begun_count == 1) {
        return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
      }
      writer.Write(MakeExport(0, ""));
      return grpc::Status::OK;
    });
    database_ = OpenFreshSqlite();
    log_.CreateTable(*database_);
    StartConsumer();
    EXPECT_TRUE(AwaitState(ConsumerState::kFollowing)) << refusal;
    EXPECT_EQ(begun_count, 2);
    consumer_.reset();
    server_->Shutdown(std::chrono::system_clock::now());
  }
}

TEST_F(ConsumerTest, StopsForGoodWhenTheSourceExportsNothing) {
  StartLossySource(RefuseExport);
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  EXPECT_EQ(GetErrorReason(CheckConsumers({consumer_.get()})), "EVENTS_NOT_EXPORTED");
}

class ConsumerWithAPositionTest : public ConsumerTest {
 protected:
  // It has had one event of partition 0, and then fallen behind, and all three of partition 1.
  ConsumerWithAPositionTest() {
    Positions had{};
    had[0] = 1;
    had[1] = 3;
    EXPECT_EQ(database_->RunInTransaction(
                  {},
                  [&](sql::Tx& tx) -> absl::Status {
                    CLIENTELE_RETURN_IF_ERROR(ClaimWholeShare(tx, "profile", 1).status());
                    return MoveConsumerPositions(tx, "profile", {}, had, WholeShare(1));
                  }),
              absl::OkStatus());
    // The first lease has fence 1: let its own be the second.
    Tamper("UPDATE consumer_position SET fence = 0");
  }

  void Tamper(absl::string_view text) {
    const sql::Statement statement{"Tamper", text};
    EXPECT_EQ(database_->RunInTransaction(
                  {}, [&](sql::Tx& tx) { return tx.Execute(statement, {}).status(); }),
              absl::OkStatus());
  }

  static grpc::Status ExportAll(const v1::ExportEventsRequest&, ExportWriter& writer) {
    writer.Write(MakeExport(0, "t-1"));
    writer.Write(MakeExport(2, ""));
    return grpc::Status::OK;
  }
};

TEST_F(ConsumerWithAPositionTest, StopsForGoodWhenItsEventsAreNoLongerKept) {
  StartLossySource(ExportAll);
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  EXPECT_EQ(GetErrorReason(CheckConsumers({consumer_.get()})), "RESUME_TOKEN_EXPIRED")
      << "readiness says why";
  EXPECT_TRUE(Phases().empty()) << "nothing goes over what is there unasked";
}

TEST_F(ConsumerWithAPositionTest, TakesAnExportInsteadWhenAnOperatorAllowsIt) {
  StartLossySource(ExportAll);
  StartConsumer(true);
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  EXPECT_THAT(log_.Read(*database_), ElementsAre("c-1#2", "c-1#6"));
}

TEST_F(ConsumerWithAPositionTest, AsksForNothingOfAPartitionThatHasMissedNothing) {
  std::set<int> exported;
  StartLossySource([&](const v1::ExportEventsRequest& request, ExportWriter& writer) {
    exported.insert(request.partitions().begin(), request.partitions().end());
    return ExportAll(request, writer);
  });
  StartConsumer(true);
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  EXPECT_EQ(exported.count(0), 1u) << "its events are gone";
  EXPECT_EQ(exported.count(1), 0u) << "the watch goes on with it";
  EXPECT_EQ(exported.size(), kPartitionCount - 1u) << "those that hold nothing come along";
  EXPECT_EQ(consumer_->Status().positions[1], 3);
}

TEST_F(ConsumerWithAPositionTest, WatchesAgainWhenAnotherReplicaHasHadTheExportMeanwhile) {
  std::atomic<int> export_count{0};
  StartLossySource([&](const v1::ExportEventsRequest&, ExportWriter& writer) {
    ++export_count;
    Tamper("UPDATE consumer_position SET position = 5 WHERE partition = 0");
    writer.Write(MakeExport(0, "t-1"));
    return grpc::Status::OK;
  });
  StartConsumer(true);
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  EXPECT_EQ(export_count, 1);
  EXPECT_THAT(log_.Read(*database_), ElementsAre("c-1#6"));
}

}  // namespace
}  // namespace clientele::feed
