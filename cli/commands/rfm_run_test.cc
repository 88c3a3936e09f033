#include "cli/commands/rfm_run.h"

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "cli/commands/rfm_spec.h"
#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace pb = clientele::segmentation::v1;
namespace common_pb = clientele::common::v1;

constexpr char kFinishedRun[] = R"(
    run_id: "r-1" model_id: "cli-1" model_version: 1 as_of_date: "2011-12-10"
    spec { currency_code: "GBP" }
    job { state: JOB_STATE_SUCCEEDED }
    customer_count: 4
    edges { recency_days: [ 13.8, 33 ] frequency: [ 1, 2 ] monetary_minor: [ 25019.4, 49009.6 ] }
    segments { segment: "CHAMPIONS" name_en: "Champions" name_zh: "冠军" customer_count: 3
               order_count: 7 revenue_minor: 123456 }
    segments { segment: "LOST" name_en: "Lost" name_zh: "流失" customer_count: 1
               order_count: 1 revenue_minor: 99 }
    segments { segment: "OTHERS" name_en: "Others" name_zh: "其他" }
    tie_sensitivity: 0.25)";

class FakeEvents final : public common_pb::EventService::Service {
 public:
  grpc::Status GetFeedHead(grpc::ServerContext*, const common_pb::GetFeedHeadRequest*,
                           common_pb::FeedHead* head) override {
    ++call_count;
    google::protobuf::TextFormat::ParseFromString(text, head);
    return status;
  }
  std::string text;
  grpc::Status status;
  int call_count = 0;
};

// A run that is at work for one poll.
class FakeRfm final : public pb::RfmService::Service {
 public:
  grpc::Status PublishRfmModel(grpc::ServerContext*, const pb::PublishRfmModelRequest* request,
                               pb::RfmModel* model) override {
    published = *request;
    model->set_model_id(request->model_id());
    model->set_version(3);
    return publish_status;
  }
  grpc::Status StartRun(grpc::ServerContext*, const pb::StartRunRequest* request,
                        pb::RfmRun* run) override {
    started = *request;
    run->set_run_id("r-1");
    run->mutable_job()->set_state(common_pb::JOB_STATE_PENDING);
    return grpc::Status::OK;
  }
  grpc::Status GetRun(grpc::ServerContext*, const pb::GetRunRequest* request,
                      pb::RfmRun* run) override {
    EXPECT_EQ(request->run_id(), "r-1");
    if (cancelled.run_id() == "r-1") {
      run->set_run_id("r-1");
      run->mutable_job()->set_state(common_pb::JOB_STATE_CANCELLED);
    } else {
      google::protobuf::TextFormat::ParseFromString(finished, run);
    }
    return grpc::Status::OK;
  }
  grpc::Status CancelRun(grpc::ServerContext*, const pb::CancelRunRequest* request,
                         pb::RfmRun* run) override {
    cancelled = *request;
    run->set_run_id("r-1");
    run->mutable_job()->set_state(common_pb::JOB_STATE_RUNNING);
    return grpc::Status::OK;
  }

  std::string finished = kFinishedRun;
  grpc::Status publish_status;
  pb::PublishRfmModelRequest published;
  pb::StartRunRequest started;
  pb::CancelRunRequest cancelled;
};

class RfmRunTest : public testing::Test {
 protected:
  CommandResult Run(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"rfm",        "run",     "--as-of",
                                          "2011-12-10", "--rules", "growth-11"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunClientele({{kProfile, profile_.address()}, {kSegmentation, segmentation_.address()}},
                        arguments);
  }

  FakeEvents profile_events_;
  FakeEvents segmentation_events_;
  FakeRfm rfm_;
  FakeServer profile_{{&profile_events_}};
  FakeServer segmentation_{{&segmentation_events_, &rfm_}};
};

TEST_F(RfmRunTest, PrintsTheKeysOfTheContractAsJson) {
  const CommandResult result = Run({"--method", "quantile", "--json"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(result.out);
  ASSERT_TRUE(json["seconds"].is_number());
  json["seconds"] = 0;
  EXPECT_EQ(json.dump(),
            R"({"run_id":"r-1","customers":4,"edges":{"recency":[13.8,33.0],)"
            R"("frequency":[1.0,2.0],"monetary":[250.194,490.096]},"segments":[)"
            R"({"segment":"CHAMPIONS","customers":3,"orders":7,"revenue_minor":123456},)"
            R"({"segment":"LOST","customers":1,"orders":1,"revenue_minor":99},)"
            R"({"segment":"OTHERS","customers":0,"orders":0,"revenue_minor":0}],)"
            R"("tie_sensitivity":0.25,"seconds":0})");
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(RfmRunTest, PublishesTheModelOfTheFlagsAndStartsThatVersion) {
  const CommandResult result =
      Run({"--method", "quantile", "--bins", "5", "--monetary", "net", "--force"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(rfm_.published.model_id(), RfmModelId(rfm_.published.spec()));
  EXPECT_EQ(rfm_.published.spec().monetary(), pb::RFM_MONETARY_NET);
  EXPECT_EQ(rfm_.published.request_id().size(), 36);
  EXPECT_EQ(rfm_.started.model_id(), rfm_.published.model_id());
  EXPECT_EQ(rfm_.started.model_version(), 3);
  EXPECT_EQ(rfm_.started.as_of_date(), "2011-12-10");
  EXPECT_TRUE(rfm_.started.force());
}

TEST_F(RfmRunTest, PrintsSegmentsEdgesAndFailedGatesForPeople) {
  rfm_.finished =
      absl::StrCat(kFinishedRun, " failed_gates { gate: 'BUYERS' actual: 4 required: 500 }");
  const CommandResult result = Run({"--method", "quantile", "--force"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(
      result.out,
      AllOf(HasSubstr("FORCED, these scores mean little: BUYERS is 4 where the limit is 500"),
            HasSubstr("CHAMPIONS  Champions  冠军          3  75.0 %"), HasSubstr("1,234.56"),
            HasSubstr("250.194  490.096 GBP"), HasSubstr("would move 25.00 %")));
}

TEST_F(RfmRunTest, WaitsUntilSegmentationHasWhatProfileRecorded) {
  profile_events_.text = "heads { partition: 0 position: 5 }";
  segmentation_events_.text = "consumers { source: 'profile' positions { position: 4 } }";
  const CommandResult result = Run({"--method", "quantile", "--timeout", "300ms"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("the feed did not catch up in time: 1 events are missing"));
  EXPECT_GT(segmentation_events_.call_count, 1);
  EXPECT_THAT(rfm_.started.as_of_date(), IsEmpty());
}

TEST_F(RfmRunTest, GoesByWhatSegmentationHeardWhenProfileIsAway) {
  profile_events_.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "away");
  segmentation_events_.text =
      "consumers { source: 'profile' positions { position: 4 } source_heads { position: 4 } }";
  const CommandResult result = Run({"--method", "quantile"});
  EXPECT_EQ(result.exit_code, kExitOk);
  EXPECT_THAT(result.err, HasSubstr("profile cannot be asked"));
}

TEST_F(RfmRunTest, AFailedRunPrintsItsErrorWithDetails) {
  rfm_.finished = R"(
      run_id: "r-1"
      job {
        state: JOB_STATE_FAILED
        error {
          code: 9 message: "120 buyers, 500 are needed"
          details { [type.googleapis.com/google.rpc.ErrorInfo] {
            reason: "INSUFFICIENT_DATA" domain: "segmentation.clientele"
            metadata { key: "gate" value: "BUYERS" } } }
        }
      })";
  const CommandResult result = Run({"--method", "quantile", "--json"});
  EXPECT_EQ(result.exit_code, kExitError);
  const nlohmann::json error = result.Json()["error"];
  EXPECT_EQ(error["code"], "FAILED_PRECONDITION");
  EXPECT_EQ(error["details"][0]["reason"], "INSUFFICIENT_DATA");
  EXPECT_EQ(error["details"][0]["metadata"]["gate"], "BUYERS");
  EXPECT_THAT(result.err, HasSubstr("INSUFFICIENT_DATA: 120 buyers, 500 are needed"));
}

TEST_F(RfmRunTest, CtrlCCancelsTheRun) {
  // A SIGINT that is pending on this thread is what the command finds when it first waits.
  sigset_t interrupt;
  sigset_t before;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  pthread_sigmask(SIG_BLOCK, &interrupt, &before);
  raise(SIGINT);
  const CommandResult result = Run({"--method", "quantile"});
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_EQ(rfm_.cancelled.run_id(), "r-1");
  EXPECT_THAT(result.err, HasSubstr("run r-1 was cancelled"));
}

TEST_F(RfmRunTest, RefusesEdgesReadWithAnotherCurrencysDigits) {
  rfm_.finished = "run_id: 'r-1' spec { currency_code: 'JPY' } job { state: JOB_STATE_SUCCEEDED }";
  const CommandResult result =
      Run({"--method", "fixed", "--edges-recency", "1,2,3,4", "--edges-frequency", "1,2,3,4",
           "--edges-monetary", "1,2,3,4.5"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("run again with --currency JPY"));
  EXPECT_EQ(rfm_.published.spec().edges().monetary_minor(3), 450);
}

TEST_F(RfmRunTest, ARefusedModelIsAnErrorNotAUsageError) {
  rfm_.publish_status =
      NamedError(absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT", "no such rule set");
  const CommandResult result = Run({"--method", "quantile"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("clientele: INVALID_ARGUMENT: no such rule set"));
}

TEST(RfmRun, NobodyThereIsOneSentence) {
  const CommandResult result = RunClientele(
      {{kProfile, "127.0.0.1:1"}, {kSegmentation, "127.0.0.1:1"}},
      {"rfm", "run", "--as-of", "2011-12-10", "--method", "quantile", "--rules", "growth-11"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("clientele: UNAVAILABLE"));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
}

TEST_F(RfmRunTest, WrongFlagsAreUsageErrors) {
  EXPECT_EQ(Run({}).exit_code, kExitUsage);
  EXPECT_EQ(Run({"--method", "best"}).exit_code, kExitUsage);
  EXPECT_EQ(Run({"--method", "quantile", "--bins", "1"}).exit_code, kExitUsage);
  EXPECT_EQ(Run({"--method", "quantile", "--edges-recency", "1,2"}).exit_code, kExitUsage);
  EXPECT_EQ(Run({"--method", "fixed"}).exit_code, kExitUsage);
  EXPECT_EQ(RunClientele({"rfm", "run", "--as-of", "10.12.2011", "--method", "quantile", "--rules",
                          "growth-11"})
                .exit_code,
            kExitUsage);
}

}  // namespace
}  // namespace clientele::cli
