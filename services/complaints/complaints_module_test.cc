// Complaints as its callers see it: over gRPC, beside a profile and a loyalty that fail.

#include "services/complaints/complaints_module.h"

#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "clientele/loyalty/v1/events.pb.h"
#include "common/cache/testing/process_cache.h"
#include "common/feed/event_service.h"
#include "common/feed/feed_notifier.h"
#include "common/feed/migrations.h"
#include "common/feed/outbox_mover.h"
#include "common/handler/testing/handler_fixture.h"
#include "common/rpc/client.h"
#include "common/rpc/testing/in_process_server.h"
#include "common/rpc/testing/test_pipeline.h"
#include "common/sealing/testing/test_key_ring.h"
#include "common/sql/testing/test_sqlite.h"
#include "common/status/error.h"
#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/complaints/testing/api_fixture.h"
#include "services/complaints/testing/test_database.h"

namespace clientele::complaints {
namespace {

using Stub = v1::ComplaintService::Stub;

// Loyalty's feed.
class LoyaltyFeed {
 public:
  LoyaltyFeed()
      : database_(sql::OpenTestSqlite(feed::Migrations())),
        parts_("loyalty"),
        mover_(*database_, parts_.clock(), "local", absl::Minutes(1), 1000),
        events_(parts_.pipeline(), {.service_name = "loyalty",
                                    .database = *database_,
                                    .notifier = notifier_,
                                    .clock = parts_.clock(),
                                    .consumers = {},
                                    .event_types = {"clientele.loyalty.tier.changed.v1"}}) {}

  grpc::Service& service() { return events_; }

  void TellTier(const std::string& customer_id, const std::string& tier) {
    loyalty::v1::TierChanged changed;
    changed.set_tier(tier);
    const absl::Time now = parts_.clock().Now();
    const feed::OutboxEvent event{.event_id = parts_.ids().New(now),
                                  .type = "clientele.loyalty.tier.changed.v1",
                                  .subject = "member/" + customer_id,
                                  .customer_id = customer_id,
                                  .feed_seq = ++feed_seq_,
                                  .occur_time = now,
                                  .record_time = now,
                                  .data_type = changed.GetTypeName(),
                                  .data = changed.SerializeAsString()};
    CLIENTELE_CHECK(database_
                        ->RunInTransaction({},
                                           [&](sql::Tx& tx) {
                                             return feed::AppendToOutbox(tx, {&event, 1});
                                           })
                        .ok());
    while (mover_.Move().value().has_more) {
    }
    notifier_.Notify();
  }

 private:
  const std::unique_ptr<sql::Database> database_;
  rpc::TestPipeline parts_;
  feed::FeedNotifier notifier_;
  feed::OutboxMover mover_;
  feed::EventService events_;
  int64_t feed_seq_ = 0;
};

// A server of complaints over a database that outlives it, with jobs that do not wait long.
class ComplaintsServer {
 public:
  ComplaintsServer(sql::Database& database, FakeNeighbours& neighbours)
      : key_(TestKey()),
        key_ring_(sealing::TestKeyRing()),
        parts_("complaints"),
        cache_(parts_.clock()),
        module_({.handlers = {.database = database,
                              .cache = cache_.cache(),
                              .business_clock = parts_.clock(),
                              .record_clock = parts_.clock(),
                              .ids = parts_.ids(),
                              .key = key_,
                              .key_wrapper = &key_ring_,
                              .idempotency_retention = absl::Hours(24 * 7),
                              .poke_outbox = [] {}},
                 .channels = neighbours.channels(),
                 .consumer = {},
                 .executor = {.attempt_timeout = absl::Milliseconds(500),
                              .retry_wait_min = absl::Milliseconds(10),
                              .attempt_distance = absl::Milliseconds(600)},
                 .repair = {.wait = absl::Milliseconds(20)},
                 .on_consumer_failure = [](const feed::ConsumerFailure&) {},
                 .on_job_failure = [](const JobFailure&) {},
                 .on_event = [](const Event&) {},
                 .on_pending = [](const PendingCounts&) {},
                 .on_open_counts = [](const auto&) {}},
                parts_.pipeline()),
        server_(parts_.pipeline(), module_.Services()),
        stub(v1::ComplaintService::NewStub(server_.Connect())) {
    module_.Start();
  }
  ~ComplaintsServer() { module_.Stop(); }

  ComplaintsModule& module() { return module_; }

 private:
  const SecretKey key_;
  const KeyRing key_ring_;
  rpc::TestPipeline parts_;
  cache::ProcessCache cache_;
  ComplaintsModule module_;
  rpc::InProcessServer server_;

 public:
  const std::unique_ptr<Stub> stub;
};

// Asks again and again until `condition` holds; false after a minute, which only a failing test
// sees.
bool Await(const std::function<bool()>& condition) {
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (!condition()) {
    if (absl::Now() > give_up) return false;
    std::this_thread::yield();
  }
  return true;
}

class ComplaintsModuleTest : public ::testing::Test {
 protected:
  ComplaintsModuleTest()
      : neighbours_(&feed_.service()), database_(OpenTestDatabase(folder_.File("complaints.db"))) {
    Restart();
  }

  void Restart() {
    server_.reset();
    server_ = std::make_unique<ComplaintsServer>(*database_, neighbours_);
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request, bool* replayed = nullptr) {
    grpc::ClientContext context;
    rpc::SetCallOptions(rpc::NewCall(absl::Seconds(30)), context);
    Response response;
    const grpc::Status status = ((*server_->stub).*method)(&context, request, &response);
    if (replayed != nullptr) {
      *replayed = context.GetServerTrailingMetadata().count("clientele-replayed") > 0;
    }
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  v1::Complaint Get() {
    return Call(&Stub::GetComplaint, MakeRequest<v1::GetComplaintRequest>()).value();
  }

  // Files and acknowledges the complaint "late" of c-1 and proposes 500 points; the remedy's id.
  std::string FileWithRemedy() {
    EXPECT_TRUE(Call(&Stub::FileComplaint, MakeFileRequest("c-1")).ok());
    EXPECT_TRUE(
        Call(&Stub::AcknowledgeComplaint, MakeRequest<v1::AcknowledgeComplaintRequest>()).ok());
    auto propose = MakeRequest<v1::ProposeRemedyRequest>();
    propose.set_kind(v1::REMEDY_KIND_POINTS);
    propose.set_points(500);
    return Call(&Stub::ProposeRemedy, propose).value().remedies(0).remedy_id();
  }

  static v1::ApproveRemedyRequest ApproveRequest(const std::string& remedy_id) {
    auto approve = MakeRequest<v1::ApproveRemedyRequest>();
    approve.set_request_id(MakeRequestId(1));
    approve.set_remedy_id(remedy_id);
    return approve;
  }

  LoyaltyFeed feed_;
  FakeNeighbours neighbours_;
  TempFolder folder_;
  const std::unique_ptr<sql::Database> database_;
  std::unique_ptr<ComplaintsServer> server_;
};

TEST_F(ComplaintsModuleTest, PutsAComplaintRightFromFilingToPoints) {
  const auto approved = Call(&Stub::ApproveRemedy, ApproveRequest(FileWithRemedy()));
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(approved->remedies(0).state(), v1::REMEDY_STATE_EXECUTED);
  auto resolve = MakeRequest<v1::ResolveComplaintRequest>();
  resolve.set_finding(v1::COMPLAINT_FINDING_UPHELD);
  resolve.set_relief(v1::COMPLAINT_RELIEF_MONETARY);
  EXPECT_TRUE(Call(&Stub::ResolveComplaint, resolve).ok());
  const auto closed = Call(&Stub::CloseComplaint, MakeRequest<v1::CloseComplaintRequest>());
  EXPECT_EQ(closed->state(), v1::COMPLAINT_STATE_CLOSED);
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
  EXPECT_EQ(feed::CheckConsumers(server_->module().Consumers()), absl::OkStatus());
}

TEST_F(ComplaintsModuleTest, SendsANamedErrorWithItsDetails) {
  const absl::Status status =
      Call(&Stub::GetComplaint, MakeRequest<v1::GetComplaintRequest>()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  const auto details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "COMPLAINT_NOT_FOUND");
  EXPECT_EQ(details->metadata.at("complaint_id"), "late");
  EXPECT_EQ(details->resource->type, "complaint");
}

TEST_F(ComplaintsModuleTest, EveryEmptyRequestIsInvalid) {
  const auto expect_invalid = [](const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_FALSE(ViolatedFields(status).empty());
  };
  expect_invalid(Call(&Stub::FileComplaint, v1::FileComplaintRequest()).status());
  expect_invalid(Call(&Stub::GetComplaint, v1::GetComplaintRequest()).status());
  expect_invalid(Call(&Stub::LookupComplaint, v1::LookupComplaintRequest()).status());
  expect_invalid(Call(&Stub::AcknowledgeComplaint, v1::AcknowledgeComplaintRequest()).status());
  expect_invalid(Call(&Stub::AssignComplaint, v1::AssignComplaintRequest()).status());
  expect_invalid(Call(&Stub::AddMessage, v1::AddMessageRequest()).status());
  expect_invalid(Call(&Stub::AddNote, v1::AddNoteRequest()).status());
  expect_invalid(Call(&Stub::ProposeRemedy, v1::ProposeRemedyRequest()).status());
  expect_invalid(Call(&Stub::ApproveRemedy, v1::ApproveRemedyRequest()).status());
  expect_invalid(Call(&Stub::ResolveComplaint, v1::ResolveComplaintRequest()).status());
  expect_invalid(Call(&Stub::CloseComplaint, v1::CloseComplaintRequest()).status());
  expect_invalid(Call(&Stub::ReopenComplaint, v1::ReopenComplaintRequest()).status());
  expect_invalid(Call(&Stub::ListTimeline, v1::ListTimelineRequest()).status());
  expect_invalid(Call(&Stub::ExplainPriority, v1::ExplainPriorityRequest()).status());
  EXPECT_TRUE(Call(&Stub::ListComplaints, v1::ListComplaintsRequest()).ok());
}

TEST_F(ComplaintsModuleTest, OneRequestIdFromManyCallersHasOneEffectAndOneAnswer) {
  const v1::ApproveRemedyRequest approve = ApproveRequest(FileWithRemedy());
  constexpr int kCallers = 50;
  std::vector<std::string> answers(kCallers);
  std::vector<std::thread> callers;
  callers.reserve(kCallers);
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      const auto answer = Call(&Stub::ApproveRemedy, approve);
      answers[i] = answer.ok() ? answer->SerializeAsString() : answer.status().ToString();
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(std::set<std::string>(answers.begin(), answers.end()).size(), 1u);
  EXPECT_EQ(answers[0], Get().SerializeAsString());
  EXPECT_EQ(Get().remedies(0).state(), v1::REMEDY_STATE_EXECUTED);
  EXPECT_EQ(neighbours_.give_count(), 1);
  bool replayed = false;
  EXPECT_TRUE(Call(&Stub::ApproveRemedy, approve, &replayed).ok());
  EXPECT_TRUE(replayed);
}

TEST_F(ComplaintsModuleTest, WhatIsOnlyValidatedHasNoEffectAndLeavesItsRequestIdFree) {
  v1::ApproveRemedyRequest approve = ApproveRequest(FileWithRemedy());
  const v1::Complaint before = Get();
  approve.set_validate_only(true);
  bool replayed = true;
  const auto would_be = Call(&Stub::ApproveRemedy, approve, &replayed);
  ASSERT_TRUE(would_be.ok()) << would_be.status();
  EXPECT_FALSE(replayed);
  EXPECT_EQ(would_be->remedies(0).state(), v1::REMEDY_STATE_APPROVED);
  EXPECT_EQ(Get().SerializeAsString(), before.SerializeAsString());
  EXPECT_EQ(neighbours_.ledger_call_count(), 0);
  approve.set_validate_only(false);
  EXPECT_EQ(Call(&Stub::ApproveRemedy, approve, &replayed)->remedies(0).state(),
            v1::REMEDY_STATE_EXECUTED);
  EXPECT_FALSE(replayed);
}

TEST_F(ComplaintsModuleTest, PointsArriveOnceAcrossARestartWhileLoyaltyIsAway) {
  const std::string remedy_id = FileWithRemedy();
  neighbours_.SetLoyalty(Fault::kLoseAnswer);
  EXPECT_EQ(Call(&Stub::ApproveRemedy, ApproveRequest(remedy_id))->remedies(0).state(),
            v1::REMEDY_STATE_APPROVED);
  Restart();
  neighbours_.SetLoyalty(Fault::kNone);
  EXPECT_TRUE(Await([this] { return Get().remedies(0).state() == v1::REMEDY_STATE_EXECUTED; }));
  EXPECT_EQ(neighbours_.give_count(), 1);
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
}

TEST_F(ComplaintsModuleTest, RepairsWhenTheOthersComeBack) {
  neighbours_.SetProfile(Fault::kAway);
  neighbours_.SetLoyalty(Fault::kAway);
  ASSERT_TRUE(Call(&Stub::FileComplaint, MakeFileRequest("c-1")).ok());
  EXPECT_EQ(Get().priority().rank(), 126);
  Restart();
  neighbours_.SetProfile(Fault::kNone);
  neighbours_.SetLoyalty(Fault::kNone);
  EXPECT_TRUE(Await([this] { return Get().priority().rank() == 122; }));
  EXPECT_TRUE(Await(
      [this] { return Get().customer_verification() == v1::CUSTOMER_VERIFICATION_VERIFIED; }));
}

TEST_F(ComplaintsModuleTest, FollowsTheTiersOfTheFeed) {
  ASSERT_TRUE(Call(&Stub::FileComplaint, MakeFileRequest("c-1")).ok());
  feed_.TellTier("c-1", "PLATINUM");
  EXPECT_TRUE(Await([this] { return Get().priority().rank() == 121; }));
}

}  // namespace
}  // namespace clientele::complaints
