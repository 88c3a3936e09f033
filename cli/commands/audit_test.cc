#include "cli/commands/audit.h"

#include <fstream>
#include <string>
#include <vector>

#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/common/v1/audit_service.grpc.pb.h"
#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::common::v1;
using ::testing::HasSubstr;

// Two entries in partition 3, listed and checked one at a time; none elsewhere.
class FakeAudit final : public pb::AuditService::Service {
 public:
  grpc::Status ListAuditEntries(grpc::ServerContext*, const pb::ListAuditEntriesRequest* request,
                                pb::ListAuditEntriesResponse* response) override {
    response->set_is_off(is_off);
    if (request->partition() == 3) {
      pb::AuditEntry& entry = *response->add_entries();
      entry.set_partition(3);
      entry.set_position(request->page_token().empty() ? 1 : 2);
      entry.mutable_record()->set_principal("token:ann");
      response->set_next_page_token(request->page_token().empty() ? "more" : "");
    }
    return grpc::Status::OK;
  }

  grpc::Status VerifyAuditLog(grpc::ServerContext*, const pb::VerifyAuditLogRequest* request,
                              pb::VerifyAuditLogResponse* response) override {
    response->set_is_off(is_off);
    *response->mutable_verified() = request->after();
    response->set_is_complete(true);
    if (request->partition() != 3) {
      return grpc::Status::OK;
    }
    asked.push_back(request->after().position());
    const int64_t next = request->after().position() + 1;
    if (next == bad_position) {
      response->set_first_bad_position(next);
    } else if (next <= 2) {
      response->mutable_verified()->set_position(next);
      response->mutable_verified()->set_hash(std::string(32, 'h'));
      response->set_is_complete(next == 2);
    }
    return grpc::Status::OK;
  }

  bool is_off = false;
  int64_t bad_position = 0;
  std::vector<int64_t> asked;
};

class AuditTest : public ::testing::Test {
 protected:
  CommandResult Run(const std::vector<std::string>& arguments) {
    return RunClientele({{kLoyalty, server_.address()}}, arguments);
  }

  FakeAudit audit_;
  FakeServer server_{{&audit_}};
};

TEST_F(AuditTest, ExportsEveryEntryOfEveryPageAsALine) {
  const CommandResult result = Run({"audit", "export", "loyalty"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(result.out,
            "{\"partition\":3,\"position\":1,\"record\":{\"principal\":\"token:ann\"}}\n"
            "{\"partition\":3,\"position\":2,\"record\":{\"principal\":\"token:ann\"}}\n");
}

TEST_F(AuditTest, VerifiesPieceByPieceAndShowsTheHeads) {
  const CommandResult result = Run({"audit", "verify", "loyalty"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(audit_.asked, ::testing::ElementsAre(0, 1));
  EXPECT_THAT(result.out, HasSubstr("        3         2  6868"));
}

TEST_F(AuditTest, SaysThatALogIsOffAndShowsWhatStandsFromBefore) {
  for (const char* command : {"export", "verify"}) {
    audit_.is_off = false;
    const CommandResult on = Run({"--json", "audit", command, "loyalty"});
    EXPECT_EQ(on.err, "");
    audit_.is_off = true;
    const CommandResult off = Run({"--json", "audit", command, "loyalty"});
    EXPECT_EQ(off.exit_code, kExitOk);
    EXPECT_EQ(off.out, on.out);
    EXPECT_EQ(off.err,
              "clientele: the audit log is off: auth.mode of loyalty is none; what there is stands "
              "from before\n");
  }
}

TEST_F(AuditTest, SaysWhereALogIsNotWhatWasWritten) {
  audit_.bad_position = 2;
  const CommandResult result = Run({"audit", "verify", "loyalty"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("partition 3: at position 2 is not what was written there"));
}

TEST_F(AuditTest, GoesOnFromHeadsThatWereNoted) {
  const TempFolder folder;
  const std::string path = folder.path() + "/heads";
  std::ofstream(path) << Run({"--json", "audit", "verify", "loyalty"}).out;
  audit_.asked.clear();
  EXPECT_EQ(Run({"audit", "verify", "loyalty", "--heads", path}).exit_code, kExitOk);
  EXPECT_THAT(audit_.asked, ::testing::ElementsAre(2));
}

TEST_F(AuditTest, TakesNoHeadsOfSomePartitionsOnly) {
  const TempFolder folder;
  const std::string path = folder.path() + "/heads";
  const std::string heads = Run({"--json", "audit", "verify", "loyalty"}).out;
  const std::string first = heads.substr(0, heads.find('\n') + 1);
  for (const std::string& text : {std::string("heads"), std::string(), heads.substr(first.size()),
                                  heads + first, first + heads.substr(0, heads.rfind('{'))}) {
    std::ofstream(path) << text;
    EXPECT_THAT(Run({"audit", "verify", "loyalty", "--heads", path}).err,
                HasSubstr("is not what `clientele audit verify --json` prints"))
        << text;
  }
}

}  // namespace
}  // namespace clientele::cli
