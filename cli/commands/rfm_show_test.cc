#include "cli/commands/rfm_show.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

namespace pb = clientele::segmentation::v1;
namespace profile_pb = clientele::profile::v1;

constexpr char kScore[] = R"(
    customer_id: "online-retail-12346-0" run_id: "r-1" recency_days: 326 frequency: 1
    monetary_minor: 7718360 recency_score: 1 frequency_score: 1 monetary_score: 5 cell: "115"
    segment: "CANT_LOSE_THEM")";

class FakeRfm final : public pb::RfmService::Service {
 public:
  grpc::Status GetScore(grpc::ServerContext*, const pb::GetScoreRequest* request,
                        pb::RfmScore* score) override {
    run_id = request->run_id();
    if (!status.ok()) {
      return status;
    }
    if (scored.count(request->customer_id()) > 0) {
      score->set_customer_id(request->customer_id());
      score->set_run_id("r-1");
      return grpc::Status::OK;
    }
    if (request->customer_id() != "online-retail-12346-0") {
      return NamedError(absl::StatusCode::kNotFound, "SCORE_NOT_FOUND", "no such score");
    }
    google::protobuf::TextFormat::ParseFromString(kScore, score);
    return grpc::Status::OK;
  }
  grpc::Status GetRun(grpc::ServerContext*, const pb::GetRunRequest*, pb::RfmRun* run) override {
    run->set_run_id("r-1");
    run->mutable_spec()->set_source_system(run_source);
    return status;
  }
  grpc::Status BatchGetScores(grpc::ServerContext*, const pb::BatchGetScoresRequest* request,
                              pb::BatchGetScoresResponse* response) override {
    for (const std::string& id : request->customer_ids()) {
      if (scored.count(id) > 0) {
        response->add_scores()->set_customer_id(id);
      }
    }
    return grpc::Status::OK;
  }
  grpc::Status ExplainScore(grpc::ServerContext*, const pb::ExplainScoreRequest*,
                            pb::RfmScoreExplanation* explanation) override {
    google::protobuf::TextFormat::ParseFromString(R"(
        segment {
          outcome: "CANT_LOSE_THEM 115" rule { id: "growth-11" version: 1 }
          inputs { name: "monetary_minor" value: "7718360" source: "order log" }
          checks { name: "R" actual: "1" operator: "<=" threshold: "2" passed: true }
          next_outcome: "LOYAL" distance_to_next: "frequency 2: 1 more order"
        })",
                                                  explanation);
    return grpc::Status::OK;
  }
  grpc::Status ListScores(grpc::ServerContext*, const pb::ListScoresRequest* request,
                          pb::ListScoresResponse* response) override {
    EXPECT_EQ(request->segment(), "CHAMPIONS");
    response->add_scores()->set_customer_id(absl::StrCat("c-", request->page_token()));
    response->set_next_page_token(request->page_token().empty() ? "2" : "");
    return grpc::Status::OK;
  }
  grpc::Status status;
  std::string run_id;
  std::string run_source;
  std::set<std::string> scored;  // beside the customer of kScore
};

// Knows spellings as "system:value"; without a system, in every one.
class FakeCustomers final : public profile_pb::CustomerService::Service {
 public:
  grpc::Status LookupCustomers(grpc::ServerContext*,
                               const profile_pb::LookupCustomersRequest* request,
                               profile_pb::LookupCustomersResponse* response) override {
    for (const auto& identifier : request->identifiers()) {
      auto& match = *response->add_matches();
      for (const auto& [spelling, id] : ids) {
        const std::pair<std::string, std::string> parts = absl::StrSplit(spelling, ':');
        if (parts.second == identifier.value() &&
            (identifier.system().empty() || identifier.system() == parts.first)) {
          match.add_customers()->set_customer_id(id);
        }
      }
    }
    return grpc::Status::OK;
  }
  std::map<std::string, std::string> ids = {
      {"online-retail:12346", "online-retail-12346-0"},
      {"online-retail:7", "online-retail-7-0"},
      {"cdnow:7", "cdnow-7"},
      {"my-shop:K 9", "my-shop-k-9"},
      {"my-shop:7", "my-shop-7"},
  };
};

class RfmShowTest : public testing::Test {
 protected:
  CommandResult Rfm(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"rfm"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunClientele({{kProfile, profile_.address()}, {kSegmentation, segmentation_.address()}},
                        arguments);
  }

  FakeRfm rfm_;
  FakeCustomers customers_;
  FakeServer profile_{{&customers_}};
  FakeServer segmentation_{{&rfm_}};
};

constexpr char kScoreJson[] =
    R"({"customer_id":"online-retail-12346-0","recency_days":326,"frequency":1,)"
    R"("monetary_minor":7718360,"r":1,"f":1,"m":5,"segment":"CANT_LOSE_THEM"})";

TEST_F(RfmShowTest, PrintsTheKeysOfTheContractAsJson) {
  const CommandResult result = Rfm({"show", "online-retail-12346-0", "--run", "r-1", "--json"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(result.out, absl::StrCat(kScoreJson, "\n"));
  EXPECT_EQ(rfm_.run_id, "r-1");
}

TEST_F(RfmShowTest, TakesTheFilesSpellingOfTheCustomer) {
  EXPECT_EQ(Rfm({"show", "12346", "--json"}).out, absl::StrCat(kScoreJson, "\n"));
  EXPECT_EQ(Rfm({"show", "online-retail-12346", "--json"}).out, absl::StrCat(kScoreJson, "\n"));
  EXPECT_EQ(Rfm({"show", "12346", "--source", "online-retail", "--json"}).out,
            absl::StrCat(kScoreJson, "\n"));
}

TEST_F(RfmShowTest, ListsTheCustomersOfAnAmbiguousSpelling) {
  const CommandResult result = Rfm({"show", "7"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("is any of cdnow-7, my-shop-7, online-retail-7-0"));
}

TEST_F(RfmShowTest, FindsASpellingOfAnySource) {
  rfm_.scored = {"my-shop-k-9"};
  for (const char* text : {"K 9", "my-shop-K 9"}) {
    const CommandResult result = Rfm({"show", text, "--json"});
    EXPECT_EQ(result.exit_code, kExitOk) << result.err;
    EXPECT_EQ(result.Json()["customer_id"], "my-shop-k-9");
  }
}

TEST_F(RfmShowTest, SettlesAnAmbiguousSpellingByTheSourceOfTheRun) {
  rfm_.scored = {"cdnow-7", "my-shop-7", "online-retail-7-0"};
  for (const auto& [source, id] :
       std::map<std::string, std::string>{{"cdnow", "cdnow-7"},
                                          {"my-shop", "my-shop-7"},
                                          {"online-retail", "online-retail-7-0"}}) {
    rfm_.run_source = source;
    EXPECT_EQ(Rfm({"show", "7", "--json"}).Json()["customer_id"], id);
  }
  EXPECT_EQ(Rfm({"show", "7", "--source", "cdnow", "--json"}).Json()["customer_id"], "cdnow-7");
  rfm_.run_source = "";
  const CommandResult result = Rfm({"show", "7", "--json"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("is any of cdnow-7, my-shop-7, online-retail-7-0"));
}

TEST_F(RfmShowTest, TakesTheOneThatTheRunScored) {
  rfm_.scored = {"my-shop-7"};
  EXPECT_EQ(Rfm({"show", "7", "--json"}).Json()["customer_id"], "my-shop-7");
}

TEST_F(RfmShowTest, ASpellingNeedsProfile) {
  const CommandResult result =
      RunClientele({"rfm", "show", "K 9", "--server", segmentation_.address()});
  EXPECT_EQ(result.exit_code, kExitUsage);
  EXPECT_THAT(result.err, HasSubstr("--server names segmentation only"));
}

TEST_F(RfmShowTest, AnswersTheServersErrorWhenNobodyHasTheSpelling) {
  const CommandResult result = Rfm({"show", "nobody", "--json"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_EQ(result.Json()["error"]["details"][0]["reason"], "SCORE_NOT_FOUND");
  EXPECT_THAT(Rfm({"show", "No Body"}).err, HasSubstr("no customer has the id \"No Body\""));
}

TEST_F(RfmShowTest, DoesNotLookFurtherWhenThereIsNoRun) {
  rfm_.status = NamedError(absl::StatusCode::kNotFound, "RFM_RUN_NOT_FOUND", "no run yet");
  const CommandResult result = Rfm({"show", "12346"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("clientele: NOT_FOUND RFM_RUN_NOT_FOUND: no run yet"));
}

TEST_F(RfmShowTest, ExplainsTheScoreToPeople) {
  const CommandResult result = Rfm({"show", "12346"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("online-retail-12346-0  CANT_LOSE_THEM  115"),
                                HasSubstr("CANT_LOSE_THEM 115 by growth-11 version 1"),
                                HasSubstr("  yes  R: 1 <= 2\n"),
                                HasSubstr("  next: LOYAL, missing: frequency 2: 1 more order")));
}

TEST_F(RfmShowTest, ListsOnePageOrAll) {
  const CommandResult one = Rfm({"list", "--segment", "CHAMPIONS"});
  EXPECT_EQ(one.exit_code, kExitOk) << one.err;
  EXPECT_THAT(one.err, HasSubstr("more: --page-token '2'"));
  const CommandResult all = Rfm({"list", "--segment", "CHAMPIONS", "--all", "--json"});
  EXPECT_THAT(all.out, AllOf(HasSubstr("\"c-\""), HasSubstr("\"c-2\"")));
}

}  // namespace
}  // namespace clientele::cli
