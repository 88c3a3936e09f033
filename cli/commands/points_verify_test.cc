// `points verify` against a fake loyalty.

#include "cli/commands/points_verify.h"

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::loyalty::v1;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// c-1 with two entries and c-2 with one, a page each.
class FakeLedger final : public pb::LedgerService::Service {
 public:
  grpc::Status VerifyLedger(grpc::ServerContext*, const pb::VerifyLedgerRequest* request,
                            pb::VerifyLedgerResponse* response) override {
    const bool is_first = request->page_token().empty();
    pb::LedgerHead& head = *response->add_heads();
    head.set_customer_id(is_first ? "c-1" : "c-2");
    head.set_seq(is_first ? 2 : 1);
    head.set_hash(std::string(32, 'h'));
    if (is_first) {
      response->set_next_page_token("2");
    } else if (is_broken) {
      response->clear_heads();
      response->add_broken()->set_customer_id("c-2");
      response->mutable_broken(0)->set_first_bad_seq(1);
    }
    return grpc::Status::OK;
  }

  grpc::Status VerifyLedgerHeads(grpc::ServerContext*, const pb::VerifyLedgerHeadsRequest* request,
                                 pb::VerifyLedgerHeadsResponse* response) override {
    for (const pb::LedgerHead& head : request->heads()) {
      asked.push_back(head.customer_id());
      if (head.hash() != std::string(32, 'h')) {
        response->add_broken()->set_customer_id(head.customer_id());
        response->mutable_broken(response->broken_size() - 1)->set_first_bad_seq(head.seq());
      }
    }
    return grpc::Status::OK;
  }

  bool is_broken = false;
  std::vector<std::string> asked;
};

class PointsVerifyTest : public ::testing::Test {
 protected:
  CommandResult Run(const std::vector<std::string>& arguments) {
    return RunClientele({{kLoyalty, server_.address()}}, arguments);
  }

  CommandResult RunWithHeads(const std::string& heads) {
    const TempFolder folder;
    const std::string path = folder.File("heads");
    std::ofstream(path) << heads;
    return Run({"points", "verify", "--heads", path});
  }

  FakeLedger ledger_;
  FakeServer server_{{&ledger_}};
};

TEST_F(PointsVerifyTest, VerifiesPageByPageAndSumsUp) {
  const CommandResult result = Run({"points", "verify"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(result.out, ContainsRegex("verified +2 +3  "));
}

TEST_F(PointsVerifyTest, SaysWhoseEntriesAreNotWhatWasWritten) {
  ledger_.is_broken = true;
  const CommandResult result = Run({"points", "verify"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.out, HasSubstr("c-2: at entry 1 is not what was written there\n"));
  EXPECT_THAT(result.err, HasSubstr("1 member's entries are not what was written"));
}

TEST_F(PointsVerifyTest, ItsHeadsMustStillBeThere) {
  const std::string heads = Run({"--json", "points", "verify"}).out;
  const CommandResult sound = RunWithHeads(heads);
  EXPECT_EQ(sound.exit_code, kExitOk) << sound.err;
  EXPECT_THAT(ledger_.asked, ElementsAre("c-1", "c-2"));
  // The same heads have the same checkpoint, whether read from the file or told anew.
  const size_t known = sound.out.find("known");
  const size_t verified = sound.out.find("verified");
  ASSERT_NE(known, std::string::npos);
  ASSERT_NE(verified, std::string::npos);
  EXPECT_EQ(sound.out.substr(sound.out.find('\n', known) - 64, 64),
            sound.out.substr(sound.out.find('\n', verified) - 64, 64));
  const CommandResult lost = RunWithHeads("{\"customer_id\":\"c-9\",\"seq\":4,\"hash\":\"" +
                                          absl::Base64Escape(std::string(32, 'x')) + "\"}\n");
  EXPECT_EQ(lost.exit_code, kExitError);
  EXPECT_THAT(lost.out, HasSubstr("c-9: at entry 4 is not what was written there\n"));
}

TEST_F(PointsVerifyTest, RefusesAFileThatHoldsSomethingElse) {
  for (const char* text : {"heads\n", "{}\n", "{\"customer_id\":\"c-1\",\"seq\":\"1\"}\n",
                           "{\"customer_id\":\"c-1\",\"seq\":-1,\"hash\":\"\"}\n",
                           "{\"customer_id\":\"c-1\",\"seq\":1,\"hash\":\"\"}\n"}) {
    const CommandResult result = RunWithHeads(text);
    EXPECT_EQ(result.exit_code, kExitError);
    EXPECT_THAT(result.err,
                AllOf(HasSubstr(":1: "), HasSubstr("`clientele points verify --json` prints")));
  }
}

}  // namespace
}  // namespace clientele::cli
