#include "cli/commands/all_commands.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "clientele/profile/v1/events.pb.h"
#include "common/rpc/reflection_service.h"
#include "gmock/gmock.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace common_pb = clientele::common::v1;
namespace pb = clientele::profile::v1;

using Reflection = rpc::ReflectionService<grpc::reflection::v1::ServerReflectionRequest,
                                          grpc::reflection::v1::ServerReflectionResponse>;
using OldReflection = rpc::ReflectionService<grpc::reflection::v1alpha::ServerReflectionRequest,
                                             grpc::reflection::v1alpha::ServerReflectionResponse>;

class FakeCustomers final : public pb::CustomerService::Service {
 public:
  grpc::Status GetCustomer(grpc::ServerContext*, const pb::GetCustomerRequest* request,
                           pb::Customer* customer) override {
    customer->set_customer_id(request->customer_id());
    customer->mutable_create_time()->set_seconds(1714557600);
    return request->customer_id().empty()
               ? NamedError(absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT", "no id")
               : grpc::Status::OK;
  }
};

class FakeEvents final : public common_pb::EventService::Service {
 public:
  grpc::Status WatchEvents(grpc::ServerContext*, const common_pb::WatchEventsRequest* request,
                           grpc::ServerWriter<common_pb::WatchEventsResponse>* writer) override {
    last = *request;
    common_pb::WatchEventsResponse response;
    response.add_events()->set_id("e-1");
    clientele::profile::v1::PurchaseRecorded recorded;
    recorded.set_purchase_id("p-1");
    response.mutable_events(0)->mutable_data()->PackFrom(recorded);
    response.add_events()->set_id("e-2");
    response.set_next_resume_token("t-2");
    response.set_caught_up(true);
    writer->Write(response);
    return grpc::Status::OK;
  }
  common_pb::WatchEventsRequest last;
};

class AllCommandsTest : public testing::Test {
 protected:
  CommandResult Run(const std::vector<std::string>& arguments) {
    return RunClientele({{kProfile, server_.address()}}, arguments);
  }

  FakeCustomers customers_;
  FakeEvents events_;
  Reflection reflection_{{}, "test.clientele"};
  FakeServer server_{{&customers_, &events_, &reflection_}};
};

constexpr char kGetCustomer[] = "clientele.profile.v1.CustomerService/GetCustomer";

TEST_F(AllCommandsTest, CallsAnyMethodByReflection) {
  const CommandResult result = Run({"call", kGetCustomer, R"({"customer_id": "c-1"})"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(result.Json()["customer_id"], "c-1");
  EXPECT_EQ(result.Json()["create_time"], "2024-05-01T10:00:00Z");
}

TEST_F(AllCommandsTest, CallsAServerThatKnowsTheOldReflectionOnly) {
  OldReflection reflection({}, "test.clientele");
  const FakeServer server({&customers_, &reflection});
  const CommandResult result = RunClientele(
      {"call", kGetCustomer, R"({"customerId": "c-1"})", "--server", server.address()});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(result.Json()["customer_id"], "c-1");
}

TEST_F(AllCommandsTest, ACallThatFailsPrintsTheStatusAsJson) {
  const CommandResult result = Run({"call", kGetCustomer});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_EQ(result.Json()["error"]["code"], "INVALID_ARGUMENT");
  EXPECT_EQ(result.Json()["error"]["details"][0]["reason"], "INVALID_ARGUMENT");
}

TEST_F(AllCommandsTest, CallRefusesWhatTheServerDoesNotHave) {
  EXPECT_EQ(Run({"call", "clientele.profile.v1.CustomerService/Guess"}).exit_code, kExitError);
  EXPECT_EQ(Run({"call", kGetCustomer, "{\"shoe_size\": 44}"}).exit_code, kExitError);
  EXPECT_EQ(Run({"call", "clientele.common.v1.EventService/GetFeedHead"}).exit_code, kExitUsage);
}

TEST_F(AllCommandsTest, CallsAServerStream) {
  const CommandResult result =
      Run({"call", "clientele.common.v1.EventService/WatchEvents", "--service", "profile"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(result.Json()["next_resume_token"], "t-2");
  EXPECT_EQ(result.Json()["events"][0]["data"]["purchase_id"], "p-1");
}

TEST_F(AllCommandsTest, WatchPrintsALinePerEventAndTheTokenToResumeWith) {
  const CommandResult result =
      Run({"watch", "--types", "a,b", "profile", "--from", "t-1", "--stop-at-head"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(events_.last.types_size(), 2);
  EXPECT_EQ(events_.last.resume_token(), "t-1");
  EXPECT_TRUE(events_.last.stop_at_head());
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 2);
  EXPECT_THAT(result.out, HasSubstr("\"next_resume_token\":\"t-2\""));
  EXPECT_THAT(result.err, HasSubstr("--from 't-2'"));
}

TEST_F(AllCommandsTest, GlobalOptionsStandAnywhere) {
  const std::vector<std::vector<std::string>> lines = {
      {"--json", "--server", server_.address(), "--timeout", "5", "customers", "get", "c-1"},
      {"customers", "--server", server_.address(), "get", "--json", "c-1", "--timeout", "5s"},
  };
  for (const std::vector<std::string>& line : lines) {
    const CommandResult result = RunClientele(line);
    EXPECT_EQ(result.exit_code, kExitOk) << result.err;
    EXPECT_EQ(result.Json()["customer_id"], "c-1");
  }
}

TEST_F(AllCommandsTest, NobodyThereIsAnErrorNotAUsageError) {
  const CommandResult result = RunClientele({"customers", "get", "c-1", "--server", "127.0.0.1:1"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, AllOf(HasSubstr("clientele: UNAVAILABLE"), HasSubstr("clientele up"),
                                Not(HasSubstr("endpoints.json"))));
  const CommandResult found =
      RunClientele({{kProfile, "127.0.0.1:1"}}, {"customers", "get", "c-1"});
  EXPECT_THAT(found.err, HasSubstr("/endpoints.json, which a killed one leaves"));
}

TEST_F(AllCommandsTest, AnotherServicesServerIsASentence) {
  const CommandResult wrong =
      RunClientele({"points", "balance", "c-1", "--server", server_.address()});
  EXPECT_EQ(wrong.exit_code, kExitError);
  EXPECT_EQ(
      wrong.err,
      absl::StrCat("clientele: UNIMPLEMENTED: this command asks loyalty, and ", server_.address(),
                   " does not know the method; --server names the address of one service\n"));
  EXPECT_THAT(RunClientele({{kLoyalty, server_.address()}}, {"points", "balance", "c-1"}).err,
              HasSubstr("UNIMPLEMENTED: the server does not know this method"));
}

TEST(CommandLine, HelpIsNoError) {
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"--help"}, {"import", "purchases", "--help"}}) {
    const CommandResult result = RunClientele(line);
    EXPECT_EQ(result.exit_code, kExitOk);
    EXPECT_THAT(result.out, HasSubstr("Usage:"));
    EXPECT_THAT(result.err, IsEmpty());
  }
}

TEST_F(AllCommandsTest, JsonThatDoesNotFitIsOneSentence) {
  const CommandResult result = Run({"call", kGetCustomer, R"({"customer_id": )"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("the JSON does not fit clientele.profile.v1.GetCustomerReq"));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1);
}

TEST_F(AllCommandsTest, OutputThatCannotBeWrittenIsAnError) {
  std::FILE* const full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  std::FILE* const err = std::tmpfile();
  Environment environment(full, err);
  CLI::App app("clientele", "clientele");
  AddAllCommands(app, environment);
  const std::string address = server_.address();
  const char* const line[] = {"clientele", "customers", "get", "c-1", "--server", address.c_str()};
  EXPECT_EQ(RunCommandLine(app, environment, static_cast<int>(std::size(line)), line), kExitError);
  EXPECT_GT(std::ftell(err), 0);
  std::fclose(err);
  std::fclose(full);
}

TEST(CommandLine, EveryCommandHelps) {
  const std::vector<std::vector<std::string>> commands = {
      {"import"},
      {"import", "purchases"},
      {"rfm"},
      {"rfm", "run"},
      {"rfm", "show"},
      {"rfm", "list"},
      {"customers", "create"},
      {"purchases", "record"},
      {"call"},
      {"watch"},
  };
  for (std::vector<std::string> line : commands) {
    line.emplace_back("--help");
    const CommandResult result = RunClientele(line);
    EXPECT_EQ(result.exit_code, kExitOk);
    EXPECT_THAT(result.out, HasSubstr("Also --server, --data-dir, --json and --timeout"));
  }
}

// Runs a wrong line; what it says, without the end that all have in common.
std::string UsageErrorOf(const std::vector<std::string>& line) {
  const CommandResult result = RunClientele(line);
  EXPECT_EQ(result.exit_code, kExitUsage);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  absl::string_view sentence = result.err;
  EXPECT_TRUE(absl::ConsumePrefix(&sentence, "clientele: ")) << result.err;
  EXPECT_TRUE(absl::ConsumeSuffix(&sentence, "; --help says more\n")) << result.err;
  return std::string(sentence);
}

TEST(CommandLine, AWrongLineGetsOneSentenceThatNamesWhatThereIs) {
  EXPECT_EQ(UsageErrorOf({"rfm"}),
            "`clientele rfm` needs a command: one of run, show, list, compare, matrix");
  EXPECT_EQ(
      UsageErrorOf({"rfm", "fly"}),
      "`clientele rfm` has no command fly; its commands are run, show, list, compare, matrix");
  EXPECT_THAT(UsageErrorOf({"fly"}),
              HasSubstr("has no command fly; its commands are generate, import, rfm"));
  EXPECT_EQ(
      UsageErrorOf({"rfm", "--fly"}),
      "`clientele rfm` has no option --fly; its commands are run, show, list, compare, matrix");
  EXPECT_EQ(UsageErrorOf({"customers", "get", "c-1", "c-2"}),
            "`clientele customers get` does not take c-2");
  EXPECT_EQ(UsageErrorOf({"customers", "get", "c-1", "--colour"}),
            "`clientele customers get` does not take --colour");
  EXPECT_EQ(UsageErrorOf({"customers", "get"}), "ID is required");
  EXPECT_EQ(UsageErrorOf({"customers", "get", "c-1", "--timeout"}), "--timeout needs a value");
  EXPECT_EQ(UsageErrorOf({"customers", "list", "--page-size", "many"}),
            "--page-size: must be a whole number above 0");
  EXPECT_EQ(UsageErrorOf({"watch", "weather"}),
            "SERVICE: must be profile or segmentation or loyalty or complaints");
  EXPECT_EQ(UsageErrorOf({"call", "a.b.C/D", "--service", "weather"}),
            "--service: must be profile or segmentation or loyalty or complaints");
  EXPECT_THAT(UsageErrorOf({"call", "GetCustomer"}), HasSubstr("PACKAGE.SERVICE/METHOD"));
  EXPECT_THAT(UsageErrorOf({"call", "clientele.weather.v1.Rain/Fall"}),
              HasSubstr("(profile or segmentation or loyalty or complaints)"));
  for (const char* address :
       {"", "localhost", "localhost:", ":7001", "localhost:0", "[::1]:70000"}) {
    EXPECT_EQ(UsageErrorOf({"watch", "profile", "--server", address}),
              "--server: takes host:port, such as 127.0.0.1:7001");
  }
  EXPECT_EQ(UsageErrorOf({"watch", "profile", "--data-dir", ""}), "--data-dir: must not be empty");
}

TEST(CommandLine, AMissingDataFolderIsASentence) {
  const CommandResult result = RunClientele({"watch", "profile", "--data-dir", "/nowhere"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("no /nowhere/endpoints.json: is `clientele up` running"));
}

TEST(CommandLine, ATokenGoesBeyondTheMachineOverTlsOnly) {
  const auto watch = [](const std::string& server) {
    return RunClientele({"watch", "profile", "--server", server, "--token-file", "/nowhere"});
  };
  const CommandResult result = watch("profile.test:7001");
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("the token would go unencrypted to profile.test:7001"));
  EXPECT_THAT(watch("localhost:7001").err, HasSubstr("the file /nowhere cannot be read"));
}

TEST(CommandLine, WrongLinesAreUsageErrors) {
  const std::vector<std::vector<std::string>> lines = {
      {},
      {"fly"},
      {"rfm"},
      {"customers", "get", "c-1", "--colour"},
      {"watch"},
      {"watch", "ops"},
      {"--timeout", "soon", "watch", "profile"},
      {"--timeout", "0", "watch", "profile"},
  };
  for (const std::vector<std::string>& line : lines) {
    const CommandResult result = RunClientele(line);
    EXPECT_EQ(result.exit_code, kExitUsage);
    EXPECT_FALSE(result.err.empty());
    EXPECT_THAT(result.out, IsEmpty());
  }
}

}  // namespace
}  // namespace clientele::cli
