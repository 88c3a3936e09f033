// The subcommands of a server binary, each in a child process as its `main` would run it. The tests
// wait for what a child says, never for time to pass.

#include "common/server/server_main.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/crypto/key_file.h"
#include "common/feed/event_record.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/server/data_dir.h"
#include "common/server/testing/child_process.h"
#include "common/server/testing/thing_service.h"
#include "common/server/version.h"
#include "common/sql/migration.h"
#include "common/sql/sqlite_database.h"
#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

int RunThing(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "clientele-thing");
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) {
    argv.push_back(argument.data());
  }
  argv.push_back(nullptr);
  ServerConfig config = DefaultServerConfig("thing", 0, 0);
  ConfigSchema schema("thing");
  AddServerKeys(schema, config);
  return RunServerMain(static_cast<int>(arguments.size()), argv.data(), schema, config,
                       ThingDefinition());
}

// "127.0.0.1:41234" behind "<name>=" in a ready line; "" when it is not there.
std::string AddressIn(absl::string_view ready_line, absl::string_view name) {
  for (const absl::string_view word : absl::StrSplit(ready_line, absl::ByAnyChar(" \n"))) {
    if (absl::StartsWith(word, absl::StrCat(name, "="))) {
      return std::string(word.substr(name.size() + 1));
    }
  }
  return "";
}

class ServerMain : public ::testing::Test {
 protected:
  // A subcommand on a folder of the test, on ports that are free.
  static std::unique_ptr<ChildProcess> Start(const std::string& command, const std::string& folder,
                                             std::vector<std::string> settings = {}) {
    std::vector<std::string> arguments = {command, "--set", absl::StrCat("data_dir=", folder)};
    for (std::string& setting : settings) {
      arguments.insert(arguments.end(), {"--set", std::move(setting)});
    }
    return std::make_unique<ChildProcess>([arguments] { return RunThing(arguments); });
  }

  // A folder with its schema.
  std::string MigratedFolder(absl::string_view name) const {
    std::string folder = folder_.File(name);
    EXPECT_EQ(Start("migrate", folder)->ExitCode(), 0);
    return folder;
  }

  const TempFolder folder_;
};

TEST_F(ServerMain, ServesOnceMigrateHasRunBesideIt) {
  const std::string folder = folder_.File("a");
  const auto server = Start("serve", folder);
  ASSERT_THAT(server->err.ReadUntil("schema_pending"),
              AllOf(HasSubstr("schema_pending"), HasSubstr("run migrate"),
                    HasSubstr("\"ops\":\"127.0.0.1:")));
  const auto migrate = Start("migrate", folder);
  EXPECT_EQ(migrate->ExitCode(), 0) << migrate->err.ReadAll();
  const std::string ready = server->out.ReadUntil("\n");
  ASSERT_THAT(ready, HasSubstr("ready thing=127.0.0.1:"));
  const auto probe =
      Start("probe", folder, {absl::StrCat("grpc.address=", AddressIn(ready, "thing"))});
  EXPECT_EQ(probe->ExitCode(), 0) << probe->err.ReadAll();
  server->Send(SIGTERM);
  EXPECT_THAT(server->err.ReadUntil("drain_delay"),
              AllOf(HasSubstr("\"event\":\"stopping\""), HasSubstr("\"drain_delay\":\"0\"")));
  EXPECT_EQ(server->ExitCode(), 0);
}

TEST_F(ServerMain, SaysWhatMigrateApplied) {
  const std::string folder = folder_.File("a");
  const std::string where = absl::StrCat("SQLite file ", DatabasePath(folder, "thing"), ": ");
  const std::string first = Start("migrate", folder)->out.ReadAll();
  EXPECT_THAT(
      first, AllOf(StartsWith(absl::StrCat(where, "applied 1 create_outbox, 2 ")), EndsWith("\n")));
  EXPECT_EQ(Start("migrate", folder)->out.ReadAll(), absl::StrCat(where, "nothing to apply\n"));
}

TEST_F(ServerMain, TellsItsVersionAsTheCommandLineDoes) {
  ChildProcess server([] { return RunThing({"--version"}); });
  EXPECT_EQ(server.out.ReadAll(), absl::StrCat(kVersion, "\n"));
  EXPECT_EQ(server.ExitCode(), 0);
}

TEST_F(ServerMain, StopsAtOnceWhileItWaitsForItsSchema) {
  const auto server = Start("serve", folder_.File("a"));
  ASSERT_THAT(server->err.ReadUntil("schema_pending"), HasSubstr("schema_pending"));
  server->Send(SIGTERM);
  EXPECT_EQ(server->ExitCode(), 0);
  EXPECT_THAT(server->out.ReadAll(), IsEmpty());
}

TEST_F(ServerMain, WaitsUntilMigrateHasLeftTheFolder) {
  const std::string folder = folder_.File("a");
  const auto server = Start("serve", folder);
  ASSERT_THAT(server->err.ReadUntil("schema_pending"), HasSubstr("schema_pending"));
  {
    // A migrate that has brought the schema up to date and takes its time to end.
    const auto taken = DataDir::Open(folder);
    ASSERT_TRUE(taken.ok()) << taken.status();
    const auto database = sql::OpenSqlite({.path = DatabasePath(folder, "thing")});
    ASSERT_TRUE(database.ok()) << database.status();
    ASSERT_EQ(sql::Migrate(**database, ThingDefinition().migrations), absl::OkStatus());
    ASSERT_THAT(server->err.ReadUntil("folder_pending"),
                AllOf(HasSubstr("folder_pending"), HasSubstr(folder)));
  }
  EXPECT_THAT(server->out.ReadUntil("\n"), HasSubstr("ready thing=127.0.0.1:"));
  // It has the folder again.
  EXPECT_EQ(DataDir::Open(folder).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ServerMain, RefusesASecondServerAndAMigrateOnItsFolder) {
  const std::string folder = MigratedFolder("a");
  const auto server = Start("serve", folder);
  ASSERT_THAT(server->out.ReadUntil("\n"), HasSubstr("ready thing="));
  for (const char* command : {"serve", "migrate"}) {
    const auto second = Start(command, folder);
    EXPECT_EQ(second->ExitCode(), 1) << command;
    EXPECT_EQ(second->err.ReadAll(),
              absl::StrCat("the folder ", folder, " is in use by another process\n"));
    EXPECT_THAT(second->out.ReadAll(), IsEmpty());
  }
  server->Send(SIGTERM);
  EXPECT_EQ(server->ExitCode(), 0);
}

TEST_F(ServerMain, DoesNotServeADatabaseThatOutlivedItsKeyAndMakesNoOther) {
  const std::string folder = MigratedFolder("a");
  ASSERT_TRUE(std::filesystem::remove(KeyPath(folder))) << "migrate makes it with the database";
  EXPECT_EQ(Start("migrate", folder)->ExitCode(), 0);
  for (const char* command : {"serve", "check-config"}) {
    const auto refused = Start(command, folder);
    EXPECT_EQ(refused->ExitCode(), 1) << command;
    EXPECT_THAT(refused->err.ReadAll(),
                AllOf(HasSubstr(absl::StrCat("there is no key file ", KeyPath(folder))),
                      HasSubstr("restore it from a backup (docs/backup.md)")));
  }
  EXPECT_FALSE(std::filesystem::exists(KeyPath(folder)));
}

TEST_F(ServerMain, DoesNotServeWithAnotherKeyThanItsDatabaseWasWrittenWith) {
  const std::string folder = MigratedFolder("a");
  const auto server = Start("serve", folder);
  ASSERT_THAT(server->out.ReadUntil("\n"), HasSubstr("ready thing="));
  server->Send(SIGTERM);
  ASSERT_EQ(server->ExitCode(), 0);
  const std::string other = folder_.File("other");
  ASSERT_TRUE(LoadOrCreateKeyFile(other).ok());
  const auto refused = Start("serve", folder, {absl::StrCat("key_file=", other)});
  EXPECT_EQ(refused->ExitCode(), 1);
  EXPECT_THAT(
      refused->err.ReadAll(),
      AllOf(HasSubstr(absl::StrCat("the key in ", other, " is not")), HasSubstr("docs/backup.md")));
  EXPECT_THAT(Start("serve", folder)->out.ReadUntil("\n"), HasSubstr("ready thing="));
}

TEST_F(ServerMain, RefusesATakenPort) {
  const auto server = Start("serve", MigratedFolder("a"));
  const std::string ready = server->out.ReadUntil("\n");
  const std::string grpc = AddressIn(ready, "thing");
  const std::string ops_port = AddressIn(ready, "ops").substr(std::string("127.0.0.1:").size());
  ASSERT_THAT(ready, HasSubstr("ready thing="));
  const std::string other = MigratedFolder("b");
  for (const auto& [setting, port] : {std::pair(absl::StrCat("grpc.address=", grpc), grpc),
                                      std::pair(absl::StrCat("ops.port=", ops_port), ops_port)}) {
    const auto second = Start("serve", other, {setting});
    EXPECT_EQ(second->ExitCode(), 1) << setting;
    EXPECT_THAT(second->err.ReadAll(), HasSubstr(port));
    EXPECT_THAT(second->out.ReadAll(), Not(HasSubstr("ready")));
  }
}

TEST_F(ServerMain, RefusesToListenBeyondLoopbackUnlessItIsTold) {
  const std::string folder = MigratedFolder("a");
  const auto refused = Start("serve", folder, {"grpc.address=0.0.0.0:0"});
  EXPECT_EQ(refused->ExitCode(), 1);
  EXPECT_THAT(refused->err.ReadAll(), HasSubstr("refusing to listen on 0.0.0.0:0"));
  const auto told = Start("serve", folder, {"grpc.address=0.0.0.0:0", "insecure=true"});
  EXPECT_THAT(told->out.ReadUntil("\n"), HasSubstr("ready thing=0.0.0.0:"));
  told->Send(SIGTERM);
  EXPECT_EQ(told->ExitCode(), 0);
}

TEST_F(ServerMain, TakesANewLogLevelWithoutARestartAndSaysWhatWaitsForOne) {
  const std::string folder = MigratedFolder("a");
  const std::string file = folder_.File("config.yaml");
  std::ofstream(file) << "log: {level: error}\n";
  ChildProcess server([&] {
    return RunThing({"serve", "--config", file, "--set", absl::StrCat("data_dir=", folder)});
  });
  ASSERT_THAT(server.out.ReadUntil("\n"), HasSubstr("ready thing="));
  std::ofstream(file) << "log: {level: debug}\ndrain_delay: 7s\n";
  server.Send(SIGHUP);
  EXPECT_THAT(server.err.ReadUntil("\n"),
              AllOf(HasSubstr("\"event\":\"reloaded\""), HasSubstr("\"log_level\":\"debug\""),
                    HasSubstr("\"restart_for\":\"drain_delay\""), Not(HasSubstr("serving"))));
  std::ofstream(file) << "log: {level: loud}\n";
  server.Send(SIGHUP);
  EXPECT_THAT(server.err.ReadUntil("reload_refused"), HasSubstr("reload_refused"));
  server.Send(SIGTERM);
  EXPECT_EQ(server.ExitCode(), 0);
}

TEST_F(ServerMain, TakesNewLimitsWithoutARestartAndKeepsThemWhenTheNextAreWrong) {
  const std::string folder = MigratedFolder("a");
  const std::string file = folder_.File("config.yaml");
  std::ofstream(file) << "limits: {calls_per_second: 0}\n";
  ChildProcess server([&] {
    return RunThing({"serve", "--config", file, "--set", absl::StrCat("data_dir=", folder)});
  });
  const std::string address = AddressIn(server.out.ReadUntil("\n"), "thing");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(RefusalOf(address), "");
  }
  std::ofstream(file) << "limits: {calls_per_second: 1, burst: 2}\n";
  server.Send(SIGHUP);
  server.err.ReadUntil("\"reloaded\"");
  int refused_count = 0;
  for (int i = 0; i < 5; ++i) {
    const std::string reason = RefusalOf(address);
    EXPECT_THAT(reason, AnyOf("", "RATE_LIMITED"));
    refused_count += reason.empty() ? 0 : 1;
  }
  EXPECT_GT(refused_count, 0);
  std::ofstream(file) << "limits: {principals: [local]}\n";
  server.Send(SIGHUP);
  EXPECT_THAT(server.err.ReadUntil("limits.principals"), HasSubstr("reload_refused"));
  refused_count = 0;
  for (int i = 0; i < 5; ++i) {
    refused_count += RefusalOf(address).empty() ? 0 : 1;
  }
  EXPECT_GT(refused_count, 0) << "what limits were stays";
  server.Send(SIGTERM);
  EXPECT_EQ(server.ExitCode(), 0);
}

TEST_F(ServerMain, ProbeSaysWhereNothingServes) {
  // The discard port, which nothing listens on here.
  const auto probe = Start("probe", folder_.File("a"), {"grpc.address=127.0.0.1:9"});
  EXPECT_EQ(probe->ExitCode(), 1);
  EXPECT_THAT(probe->err.ReadAll(), Not(IsEmpty()));
}

TEST_F(ServerMain, ChecksTheConfigurationWithoutTouchingTheFolder) {
  const std::string folder = folder_.File("a");
  const std::string key = folder_.File("key");
  ASSERT_TRUE(LoadOrCreateKeyFile(key).ok());
  const auto good = Start("check-config", folder, {absl::StrCat("key_file=", key)});
  EXPECT_EQ(good->ExitCode(), 0);
  EXPECT_THAT(good->out.ReadAll(),
              AllOf(HasSubstr(absl::StrCat("data_dir: \"", folder, "\"")), Not(HasSubstr(key))));
  EXPECT_FALSE(std::filesystem::exists(folder));
  const auto unknown = Start("check-config", folder, {"sqlite.reader=3"});
  EXPECT_EQ(unknown->ExitCode(), 1);
  EXPECT_THAT(unknown->err.ReadAll(), HasSubstr("sqlite.readers"));
}

TEST_F(ServerMain, ServesWhatCheckConfigTakesAndNothingElse) {
  const std::string folder = folder_.File("a");
  for (const auto& [setting, said] : std::vector<std::pair<std::string, std::string>>{
           {"grpc.address=0.0.0.0:7001", "insecure: true"},
           {"database.url=mysql://x", "database.url: "},
           {"redis.tls=true", "redis.tls_ca_file"}}) {
    for (const char* command : {"check-config", "serve"}) {
      const auto refused = Start(command, folder, {setting});
      EXPECT_EQ(refused->ExitCode(), 1) << command << " " << setting;
      EXPECT_THAT(refused->err.ReadAll(), HasSubstr(said));
      EXPECT_EQ(refused->out.ReadAll(), "") << command << " " << setting;
    }
  }
  EXPECT_FALSE(std::filesystem::exists(folder)) << "nothing is opened before it is checked";
}

TEST_F(ServerMain, PrintsTheJsonSchemaOfItsConfigurationFile) {
  ChildProcess check([] { return RunThing({"check-config", "--json-schema"}); });
  EXPECT_THAT(check.out.ReadAll(),
              AllOf(HasSubstr("\"Configuration of clientele-thing\""),
                    HasSubstr("\"additionalProperties\": false"), HasSubstr("\"data_dir\": {")));
}

TEST_F(ServerMain, DeletesEventsThatHaveOutlivedTheirRetention) {
  const std::string folder = MigratedFolder("a");
  {
    const auto database = sql::OpenSqlite({.path = DatabasePath(folder, "thing")});
    ASSERT_TRUE(database.ok()) << database.status();
    const std::vector<feed::OutboxEvent> events = {feed::MakeEvent("c-1", 1),
                                                   feed::MakeEvent("c-1", 2)};
    ASSERT_EQ((*database)->RunInTransaction(
                  {}, [&](sql::Tx& tx) { return feed::AppendToOutbox(tx, events); }),
              absl::OkStatus());
  }
  const auto server = Start("serve", folder, {"feed.retention=50ms"});
  EXPECT_THAT(server->err.ReadUntil("feed_trimmed"), HasSubstr("feed_trimmed"));
  server->Send(SIGTERM);
  EXPECT_EQ(server->ExitCode(), 0);
}

TEST_F(ServerMain, TellsUsageErrorsFromFailures) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"dance"}, {"serve", "--set", "no-equals-sign"}}) {
    const ChildProcess child([&arguments] { return RunThing(arguments); });
    EXPECT_EQ(child.ExitCode(), 2);
  }
}

}  // namespace
}  // namespace clientele::server
