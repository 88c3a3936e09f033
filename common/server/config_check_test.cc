// What a server refuses before it opens anything.

#include "common/server/config_check.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/config/config_load.h"
#include "common/config/config_schema.h"
#include "common/crypto/key_file.h"
#include "common/server/testing/thing_service.h"
#include "common/testing/temp_folder.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Settings = std::map<std::string, std::string>;

constexpr char kDsn[] = "postgresql://thing@db.example/clientele";

// The sentence with which `settings` are refused; "" when they are not.
std::string Refusal(const Settings& settings) {
  ServerConfig config = DefaultServerConfig("thing", 7009, 9009);
  ConfigSchema schema("thing");
  AddServerKeys(schema, config);
  EXPECT_EQ(LoadConfig(schema, {.flags = settings}), absl::OkStatus());
  const SystemClock clock;
  FdLogSink sink(2);
  Logger logger({.service = "thing", .repeats = {}}, clock, sink);
  return std::string(CheckConfig(ThingDefinition(), config, clock, logger).message());
}

TEST(ConfigCheck, TakesTheDefaults) { EXPECT_EQ(Refusal({}), ""); }

TEST(ConfigCheck, RefusesWhatOpeningTheDatabaseWouldRefuse) {
  for (const auto& [settings, said] : std::vector<std::pair<Settings, std::string>>{
           {{{"database.url", "mysql://x"}}, "database.url: "},
           {{{"database.url", "postgresql://thing:hunter2@db.example/clientele"}},
            "its URL holds a password"},
           {{{"database.url", "postgresql://thing@db.example/clientele?sslpassword=hunter2"}},
            "its URL holds a password"},
           {{{"database.url", kDsn}, {"database.schema", "Prof-ile"}}, "database.schema: "},
           {{{"database.schema", "Prof-ile"}}, "database.schema: "},
           {{{"database.url", kDsn}, {"database.password_file", "/nonexistent"}},
            "database.password_file: "},
           {{{"database.migrate_url", "mysql://x"}}, "database.migrate_url: "}}) {
    EXPECT_THAT(Refusal(settings), HasSubstr(said));
    EXPECT_THAT(Refusal(settings), Not(HasSubstr("hunter2")));
  }
}

TEST(ConfigCheck, TakesAPasswordThatItCanRead) {
  const TempFolder folder;
  std::ofstream(folder.File("password")) << "hunter2\n";
  ASSERT_TRUE(LoadOrCreateKeyFile(folder.File("key")).ok());
  EXPECT_EQ(Refusal({{"database.url", kDsn},
                     {"database.password_file", folder.File("password")},
                     {"key_file", folder.File("key")}}),
            "");
  // Whoever migrates can read that one.
  EXPECT_EQ(
      Refusal({{"database.migrate_url", kDsn}, {"database.migrate_password_file", "/nonexistent"}}),
      "");
}

TEST(ConfigCheck, RefusesAKeyThatIsNotThereAndMakesNone) {
  const TempFolder folder;
  EXPECT_THAT(Refusal({{"key_file", folder.File("key")}}), HasSubstr("there is no key file"));
  EXPECT_FALSE(std::filesystem::exists(folder.File("key")));
  EXPECT_THAT(Refusal({{"database.url", kDsn}}), HasSubstr("key_file is missing"));
}

TEST(ConfigCheck, RefusesAFolderWhoseDatabasesOutlivedTheirKeyAndMakesNone) {
  const TempFolder folder;
  EXPECT_EQ(Refusal({{"data_dir", folder.path()}}), "");
  std::ofstream(folder.File("thing.db")) << "";
  EXPECT_THAT(Refusal({{"data_dir", folder.path()}}),
              HasSubstr("there is no key file " + folder.File("key") + ", but "));
  EXPECT_FALSE(std::filesystem::exists(folder.File("key")));
  ASSERT_TRUE(LoadOrCreateKeyFile(folder.File("key")).ok());
  EXPECT_EQ(Refusal({{"data_dir", folder.path()}}), "");
}

TEST(ConfigCheck, RefusesOnePlaceForBothPorts) {
  for (const auto& [grpc, ops_host] :
       std::vector<std::pair<std::string, std::string>>{{"127.0.0.1:9009", "127.0.0.1"},
                                                        {"127.0.0.1:9009", "localhost"},
                                                        {"localhost:9009", "0.0.0.0"},
                                                        {"0.0.0.0:9009", "127.0.0.1"},
                                                        {"[::]:9009", "127.0.0.1"}}) {
    EXPECT_EQ(Refusal({{"grpc.address", grpc}, {"ops.host", ops_host}, {"insecure", "true"}}),
              "ops.port: 9009 is the port of grpc.address already")
        << grpc << " " << ops_host;
  }
  for (const auto& [grpc, ops_host] : std::vector<std::pair<std::string, std::string>>{
           {"127.0.0.2:9009", "127.0.0.1"}, {"[::1]:9009", "0.0.0.0"}}) {
    EXPECT_EQ(Refusal({{"grpc.address", grpc}, {"ops.host", ops_host}}), "") << grpc;
  }
  EXPECT_EQ(Refusal({{"grpc.address", "127.0.0.1:0"}, {"ops.port", "0"}}), "");
}

TEST(ConfigCheck, RefusesAnOpsHostThatIsNoAddress) {
  EXPECT_EQ(Refusal({{"ops.host", "localhost"}}), "");
  EXPECT_THAT(Refusal({{"ops.host", "pod-0.example"}}),
              HasSubstr("ops.host takes an IPv4 address"));
}

TEST(ConfigCheck, RefusesWhatTheCacheWouldRefuse) {
  EXPECT_THAT(Refusal({{"cache.memory_mib", "3"}}), HasSubstr("cache.memory_mib"));
  EXPECT_THAT(Refusal({{"redis.tls_ca_file", "/nonexistent"}}), HasSubstr("redis.tls is false"));
  EXPECT_EQ(Refusal({{"redis.addresses", "cache:6379"}, {"redis.password_file", "/nonexistent"}}),
            "");
}

TEST(ConfigCheck, RefusesLimitsAndProtectionThatServeWouldRefuse) {
  EXPECT_THAT(Refusal({{"limits.principals", "local"}}), HasSubstr("limits.principals"));
  EXPECT_THAT(Refusal({{"grpc.address", "0.0.0.0:7009"}}), HasSubstr("refusing to listen"));
  EXPECT_THAT(Refusal({{"auth.mode", "mtls"}}),
              HasSubstr("tls.client_auth is none: auth.mode mtls"));
}

TEST(ConfigCheck, KnowsThePermissionsOfAllServices) {
  EXPECT_EQ(Refusal({{"auth.roles", "staff=profile.customers.read audit.read loyalty.*,all=*"}}),
            "");
  EXPECT_THAT(Refusal({{"auth.roles", "staff=profile.customer.read"}}),
              HasSubstr("did you mean 'profile.customers.read'?"));
}

}  // namespace
}  // namespace clientele::server
