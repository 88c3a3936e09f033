// Segmentation as its callers see it: over gRPC, following the feed of a (fake) profile.

#include "services/segmentation/segmentation_module.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "clientele/segmentation/v1/analytics_service.grpc.pb.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "common/cache/testing/process_cache.h"
#include "common/feed/positions.h"
#include "common/feed/testing/fake_source.h"
#include "common/rpc/client.h"
#include "common/rpc/rpc_server.h"
#include "common/rpc/testing/test_pipeline.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/testing/test_database.h"
#include "services/segmentation/testing/test_feed.h"

namespace clientele::segmentation {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

constexpr absl::Duration kCallTimeout = absl::Seconds(30);

// A server of segmentation over a database that outlives it.
class SegmentationServer {
 public:
  SegmentationServer(sql::Database& database, const std::string& profile_address)
      : parts_("segmentation"),
        key_(*SecretKey::FromBytes(std::string(kSecretKeyBytes, 'k'))),
        cache_(parts_.clock()),
        module_({.handlers = {.database = database,
                              .cache = cache_.cache(),
                              .business_clock = parts_.clock(),
                              .record_clock = parts_.clock(),
                              .ids = parts_.ids(),
                              .key = key_,
                              .idempotency_retention = absl::Hours(24 * 7),
                              .poke_outbox = [] {}},
                 .profile_channel = rpc::Connect(profile_address),
                 .consumer = {},
                 .runner = {},
                 .on_consumer_failure = [](const feed::ConsumerFailure&) {},
                 .on_run_report = [](const RunReport&) {},
                 .on_latest_run = [this](const v1::RfmRun& run) { latest_run = run; }},
                parts_.pipeline()) {
    auto started = rpc::RpcServer::Start({}, parts_.pipeline(), module_.Services());
    CLIENTELE_CHECK(started.ok());
    rpc_server_ = *std::move(started);
    module_.Start();
    const auto channel = rpc::Connect(rpc_server_->address());
    rfm = v1::RfmService::NewStub(channel);
    analytics = v1::AnalyticsService::NewStub(channel);
  }

  ~SegmentationServer() {
    rpc_server_->Shutdown();
    module_.Stop();
  }

  SegmentationModule& module() { return module_; }

  std::unique_ptr<v1::RfmService::Stub> rfm;
  std::unique_ptr<v1::AnalyticsService::Stub> analytics;
  v1::RfmRun latest_run;  // as the last Measure told

 private:
  rpc::TestPipeline parts_;
  const SecretKey key_;
  cache::ProcessCache cache_;
  SegmentationModule module_;
  std::unique_ptr<rpc::RpcServer> rpc_server_;  // ends before what it serves
};

// Asks again and again until `condition` holds; false after a minute, which only a failing test
// sees.
bool Await(const std::function<bool()>& condition) {
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (!condition()) {
    if (absl::Now() > give_up) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

class SegmentationModuleTest : public ::testing::Test {
 protected:
  SegmentationModuleTest() : database_(OpenTestDatabase()) { Restart(); }

  void Restart() {
    server_.reset();
    server_ = std::make_unique<SegmentationServer>(*database_, profile_.address());
  }

  // Lets profile tell of a customer with purchases on as many days as `orders`, and waits for it.
  void TellShop(int customers) {
    std::vector<common::v1::Event> events;
    for (int i = 1; i <= customers; ++i) {
      const std::string customer_id = absl::StrCat("c-", i);
      events.push_back(CustomerCreated(customer_id, Day(1)));
      for (int k = 0; k < 1 + i % 5; ++k) {
        ++purchase_count_;
        events.push_back(PurchaseRecorded({.customer_id = customer_id,
                                           .number = purchase_count_,
                                           .occur_time = Day(1 + purchase_count_ * 37 % 340),
                                           .gross_minor = int64_t{100} * purchase_count_}));
      }
    }
    profile_.Tell(events);
    ASSERT_TRUE(CatchesUp());
  }

  bool CatchesUp() {
    const feed::Positions heads = profile_.Heads();
    return Await([&] {
      return feed::HasReached(server_->module().Consumers()[0]->Status().positions, heads,
                              feed::AllPartitions());
    });
  }

  static absl::Time Day(int day) {
    return absl::FromCivil(absl::CivilDay(2011, 1, 1) + day, absl::UTCTimeZone());
  }

  // Makes a unary call of RfmService.
  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(grpc::Status (v1::RfmService::Stub::*method)(grpc::ClientContext*,
                                                                             const Request&,
                                                                             Response*),
                                const Request& request) {
    return rpc::CallUnary<Response>(rpc::NewCall(kCallTimeout),
                                    [&](grpc::ClientContext* context, Response* response) {
                                      return (*server_->rfm.*method)(context, request, response);
                                    });
  }

  absl::StatusOr<v1::RfmModel> Publish() {
    v1::PublishRfmModelRequest request;
    request.set_model_id("shop");
    request.mutable_spec()->set_method(v1::RFM_METHOD_QUANTILE);
    request.mutable_spec()->set_monetary(v1::RFM_MONETARY_GROSS);
    request.mutable_spec()->set_rule_set_id("growth-11");
    return Call(&v1::RfmService::Stub::PublishRfmModel, request);
  }

  absl::StatusOr<v1::RfmRun> Start() {
    v1::StartRunRequest request;
    request.set_model_id("shop");
    request.set_as_of_date("2011-12-10");
    request.set_force(true);
    return Call(&v1::RfmService::Stub::StartRun, request);
  }

  absl::StatusOr<v1::RfmRun> Get(const std::string& run_id) {
    v1::GetRunRequest request;
    request.set_run_id(run_id);
    return Call(&v1::RfmService::Stub::GetRun, request);
  }

  feed::FakeSource profile_{"profile"};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<SegmentationServer> server_;
  int purchase_count_ = 0;
};

TEST_F(SegmentationModuleTest, FollowsProfileAndScoresItsCustomers) {
  TellShop(40);
  ASSERT_TRUE(Publish().ok());
  const auto run = Start();
  ASSERT_TRUE(run.ok()) << run.status();
  ASSERT_TRUE(
      Await([&] { return Get(run->run_id())->job().state() >= common::v1::JOB_STATE_SUCCEEDED; }));
  const auto done = Get("");
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->run_id(), run->run_id());
  EXPECT_EQ(done->customer_count(), 40);
  v1::GetScoreRequest request;
  request.set_customer_id("c-7");
  const auto score = Call(&v1::RfmService::Stub::GetScore, request);
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_EQ(score->frequency(), 3);
  EXPECT_THAT(score->segment(), Not(IsEmpty()));

  const auto counts = rpc::CallUnary<v1::CountBuyersResponse>(
      rpc::NewCall(kCallTimeout),
      [&](grpc::ClientContext* context, v1::CountBuyersResponse* response) {
        return server_->analytics->CountBuyers(context, v1::CountBuyersRequest(), response);
      });
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->bought_count(), 40);
  EXPECT_EQ(feed::CheckConsumers(server_->module().Consumers()), absl::OkStatus());
}

TEST_F(SegmentationModuleTest, MeasuresWhatTheLatestRunFound) {
  TellShop(10);
  ASSERT_TRUE(Publish().ok());
  ASSERT_EQ(server_->module().Measure(), absl::OkStatus());
  EXPECT_THAT(server_->latest_run.run_id(), IsEmpty());
  const auto run = Start();
  ASSERT_TRUE(run.ok()) << run.status();
  ASSERT_TRUE(
      Await([&] { return Get(run->run_id())->job().state() >= common::v1::JOB_STATE_SUCCEEDED; }));
  ASSERT_EQ(server_->module().Measure(), absl::OkStatus());
  EXPECT_EQ(server_->latest_run.run_id(), run->run_id());
  EXPECT_TRUE(server_->latest_run.job().has_end_time());
  int64_t count = 0;
  for (const v1::RfmSegmentTotal& total : server_->latest_run.segments()) {
    count += total.customer_count();
  }
  EXPECT_EQ(count, 10);
}

TEST_F(SegmentationModuleTest, ReportsMovementMatrixAndSales) {
  TellShop(40);
  ASSERT_TRUE(Publish().ok());
  const auto run = Start();
  ASSERT_TRUE(run.ok()) << run.status();
  ASSERT_TRUE(
      Await([&] { return Get(run->run_id())->job().state() == common::v1::JOB_STATE_SUCCEEDED; }));
  v1::CompareRunsRequest compare;
  compare.set_from_run_id(run->run_id());
  const auto comparison = Call(&v1::RfmService::Stub::CompareRuns, compare);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->stayed_count(), 40);
  const auto matrix = Call(&v1::RfmService::Stub::GetRfmMatrix, v1::GetRfmMatrixRequest());
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ(matrix->run_id(), run->run_id());
  v1::ReportSalesRequest request;
  request.set_period(v1::SALES_PERIOD_YEAR);
  const auto sales = rpc::CallUnary<v1::ReportSalesResponse>(
      rpc::NewCall(kCallTimeout),
      [&](grpc::ClientContext* context, v1::ReportSalesResponse* response) {
        return server_->analytics->ReportSales(context, request, response);
      });
  ASSERT_TRUE(sales.ok()) << sales.status();
  EXPECT_EQ(sales->total().buyer_count(), 40);
}

TEST_F(SegmentationModuleTest, GoesOnWhereItWasAfterARestart) {
  TellShop(10);
  ASSERT_TRUE(Publish().ok());
  Restart();
  TellShop(0);
  profile_.Tell({PurchaseRecorded({"c-1", 1000, Day(300), 100})});
  ASSERT_TRUE(CatchesUp());
  const auto run = Start();
  ASSERT_TRUE(run.ok()) << run.status();
  Restart();
  ASSERT_TRUE(
      Await([&] { return Get(run->run_id())->job().state() == common::v1::JOB_STATE_SUCCEEDED; }));
  v1::GetScoreRequest request;
  request.set_customer_id("c-1");
  EXPECT_EQ(Call(&v1::RfmService::Stub::GetScore, request)->frequency(), 3);
}

TEST_F(SegmentationModuleTest, AnswersErrorsWithTheirDetails) {
  const absl::Status unknown = Start().status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorReason(unknown), "RFM_MODEL_NOT_FOUND");
  v1::StartRunRequest malformed;
  malformed.set_request_id("x");
  malformed.set_model_version(-1);
  const absl::Status invalid = Call(&v1::RfmService::Stub::StartRun, malformed).status();
  EXPECT_EQ(invalid.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetails(invalid)->field_violations.size(), 4u);
}

TEST_F(SegmentationModuleTest, TellsAReplayInATrailer) {
  ASSERT_TRUE(Publish().ok());
  v1::StartRunRequest request;
  request.set_request_id("00000000-0000-4000-8000-000000000001");
  request.set_model_id("shop");
  request.set_as_of_date("2011-12-10");
  std::vector<std::string> run_ids;
  for (const size_t replayed_count : {size_t{0}, size_t{1}}) {
    grpc::ClientContext context;
    rpc::SetCallOptions(rpc::NewCall(kCallTimeout), context);
    v1::RfmRun run;
    ASSERT_TRUE(server_->rfm->StartRun(&context, request, &run).ok());
    EXPECT_EQ(context.GetServerTrailingMetadata().count("clientele-replayed"), replayed_count);
    run_ids.push_back(run.run_id());
  }
  EXPECT_EQ(run_ids[0], run_ids[1]);
}

TEST_F(SegmentationModuleTest, IsNotReadyOnceItsConsumerHasGivenUp) {
  profile_.Tell({PurchaseRefunded({"c-1", 9}, 1, 10, 0, Day(6))});
  EXPECT_TRUE(Await([&] { return !feed::CheckConsumers(server_->module().Consumers()).ok(); }));
}

}  // namespace
}  // namespace clientele::segmentation
