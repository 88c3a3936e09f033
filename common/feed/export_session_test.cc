#include "common/feed/export_session.h"

#include "common/feed/feed_trimmer.h"
#include "common/feed/outbox_mover.h"
#include "common/feed/registered_consumers.h"
#include "common/feed/resume_token.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/feed/testing/root_exporter.h"
#include "common/sql/transaction.h"
#include "common/status/error.h"

namespace clientele::feed {
namespace {

using common::v1::Event;
using common::v1::ExportEventsRequest;
using common::v1::ExportEventsResponse;
using Kind = rpc::StreamStep::Kind;

class ExportSessionTest : public ::testing::Test {
 protected:
  void Write(const std::string& customer_id, int count) {
    ASSERT_EQ(database_->RunInTransaction(
                  {}, [&](sql::Tx& tx) { return AppendNumbered(tx, customer_id, count); }),
              absl::OkStatus());
  }

  void Move() { ASSERT_TRUE(mover_.Move().ok()); }

  std::unique_ptr<ExportSession> Export(const ExportEventsRequest& request) {
    absl::StatusOr<ExportPlan> plan = ValidateExportEvents("profile", request);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return std::make_unique<ExportSession>("profile", *std::move(plan), *database_, exporter_);
  }

  ExportEventsResponse NextSent(ExportSession& session) {
    ExportEventsResponse response;
    const absl::StatusOr<rpc::StreamStep> step = session.Next(response, false);
    EXPECT_TRUE(step.ok()) << step.status();
    EXPECT_TRUE(step.ok() && step->kind == Kind::kSend);
    return response;
  }

  std::string RefusalOf(const ExportEventsRequest& request) {
    ExportEventsResponse response;
    return GetErrorReason(Export(request)->Next(response, false).status());
  }

  static std::vector<std::string> IdsOf(const ExportEventsResponse& message) {
    std::vector<std::string> ids;
    for (const Event& event : message.events()) {
      ids.push_back(event.id());
    }
    return ids;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  std::unique_ptr<sql::Database> database_ = OpenFreshSqlite();
  OutboxMover mover_{*database_, clock_, "local", absl::Seconds(3600), 1000};
  RootExporter exporter_{2};
};

TEST_F(ExportSessionTest, SaysWhereItBeginsThenSendsPagesAndEnds) {
  Write("c-1", 3);
  Move();
  Write("c-1", 1);  // in flight: recorded, and not in the feed yet
  const auto session = Export({});
  const ExportEventsResponse first = NextSent(*session);
  EXPECT_EQ(first.events_size(), 0);
  const Positions start = DecodeResumeToken("profile", first.resume_token()).value();
  EXPECT_EQ(start, sql::ReadIn(*database_, {}, ReadHeads).value());
  const ExportEventsResponse second = NextSent(*session);
  EXPECT_EQ(IdsOf(second), (std::vector<std::string>{"export of c-1#1", "export of c-1#2"}));
  EXPECT_EQ(second.events(0).partition(), PartitionOf("c-1"));
  EXPECT_EQ(second.events(0).position(), 3) << "the head when it began";
  EXPECT_EQ(second.resume_token(), first.resume_token());
  EXPECT_EQ(NextSent(*session).events_size(), 2);
  EXPECT_TRUE(NextSent(*session).next_page_token().empty());
  ExportEventsResponse none;
  EXPECT_EQ(session->Next(none, false)->kind, Kind::kEnd);
}

TEST_F(ExportSessionTest, GoesOnBehindAPageTokenWithTheSameStart) {
  Write("c-1", 3);
  Move();
  const auto broken = Export({});
  NextSent(*broken);
  const ExportEventsResponse page = NextSent(*broken);
  Write("c-0", 1);
  Move();
  ExportEventsRequest request;
  request.set_page_token(page.next_page_token());
  const auto session = Export(request);
  const ExportEventsResponse first = NextSent(*session);
  EXPECT_EQ(first.next_page_token(), page.next_page_token());
  EXPECT_EQ(first.resume_token(), page.resume_token());
  EXPECT_EQ(IdsOf(NextSent(*session)), std::vector<std::string>{"export of c-1#3"})
      << "c-0 came later, and comes with the watch";
}

TEST_F(ExportSessionTest, SendsOnlyThePartitionsThatWereAskedFor) {
  Write("c-1", 1);
  Write("c-2", 1);
  ASSERT_NE(PartitionOf("c-1"), PartitionOf("c-2"));
  ExportEventsRequest request;
  request.add_partitions(PartitionOf("c-2"));
  const auto session = Export(request);
  NextSent(*session);
  EXPECT_EQ(IdsOf(NextSent(*session)), std::vector<std::string>{"export of c-2#1"});
}

TEST_F(ExportSessionTest, RegistersTheConsumerWhereTheWatchWillBegin) {
  Write("c-1", 3);
  Move();
  ExportEventsRequest request;
  request.set_consumer("late");
  const auto session = Export(request);
  NextSent(*session);
  const auto registered = sql::ReadIn(*database_, {}, ListRegisteredConsumers).value();
  ASSERT_EQ(registered.size(), 1u);
  EXPECT_EQ(registered[0].name, "late");
  EXPECT_EQ(registered[0].positions[PartitionOf("c-1")], 3);
  Write("c-1", 3);
  Move();
  ASSERT_TRUE(TrimFeed(*database_, {.keep = absl::Seconds(1)}).ok());
  const auto bounds = sql::ReadIn(*database_, {}, ReadFeedBounds).value();
  EXPECT_LE(bounds.oldest[PartitionOf("c-1")], 4) << "what comes after it is kept";
}

TEST_F(ExportSessionTest, EndsWithoutALastMessageWhenTheServerDrains) {
  const auto session = Export({});
  ExportEventsResponse response;
  EXPECT_EQ(session->Next(response, true)->kind, Kind::kEnd);
}

TEST_F(ExportSessionTest, RefusesATokenThatIsAheadOrHasExpired) {
  Write("c-1", 3);
  Move();
  ExportPlace place;
  place.start[PartitionOf("c-1")] = 4;
  ExportEventsRequest request;
  request.set_page_token(EncodeExportToken("profile", place));
  EXPECT_EQ(RefusalOf(request), "INVALID_PAGE_TOKEN");
  ASSERT_GT(TrimFeed(*database_, {.keep = absl::Seconds(1)}).value(), 0);
  place.start[PartitionOf("c-1")] = 1;
  request.set_page_token(EncodeExportToken("profile", place));
  EXPECT_EQ(RefusalOf(request), "RESUME_TOKEN_EXPIRED");
}

TEST(ValidateExportEventsTest, FindsEveryViolation) {
  ExportEventsRequest request;
  request.set_page_token("nonsense");
  EXPECT_EQ(GetErrorReason(ValidateExportEvents("profile", request).status()),
            "INVALID_PAGE_TOKEN");
  request.add_partitions(16);
  request.set_consumer("Not Plain");
  const auto details = GetErrorDetails(ValidateExportEvents("profile", request).status());
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "INVALID_ARGUMENT");
  EXPECT_EQ(details->field_violations.size(), 3u);
}

}  // namespace
}  // namespace clientele::feed
