#include "common/server/server_config.h"

#include "common/config/config_load.h"
#include "common/config/config_print.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ServerConfig, WorksWithoutAnyKey) {
  ServerConfig config = DefaultServerConfig("thing", 7001, 9001);
  ConfigSchema schema("thing");
  AddServerKeys(schema, config);
  ASSERT_TRUE(LoadConfig(schema, {}).ok());
  const RuntimeOptions options = ToRuntimeOptions("thing", config);
  EXPECT_EQ(options.bind_address, "127.0.0.1:7001");
  EXPECT_EQ(options.database_path, "/var/lib/clientele/thing/thing.db");
  EXPECT_EQ(options.log_level, LogLevel::kInfo);
}

TEST(ServerConfig, UsesPostgresWhenItIsGivenAUrl) {
  ServerConfig config = DefaultServerConfig("thing", 7001, 9001);
  ConfigSchema schema("thing");
  AddServerKeys(schema, config);
  EXPECT_TRUE(ToRuntimeOptions("thing", config).postgres.dsn.empty());
  ASSERT_TRUE(LoadConfig(schema, {.flags = {{"database.url", "postgresql://db/clientele"},
                                            {"database.password_file", "/run/password"},
                                            {"database.pool_size", "5"}}})
                  .ok());
  const sql::PostgresOptions postgres = ToRuntimeOptions("thing", config).postgres;
  EXPECT_EQ(postgres.dsn, "postgresql://db/clientele");
  EXPECT_EQ(postgres.password_file, "/run/password");
  EXPECT_EQ(postgres.schema, "thing");
  EXPECT_EQ(postgres.connections_max, 5);
  config.database_schema = "other";
  EXPECT_EQ(ToRuntimeOptions("thing", config).postgres.schema, "other");
}

TEST(ServerConfig, PrintsNothingThatMayHoldAPassword) {
  ServerConfig config = DefaultServerConfig("thing", 7001, 9001);
  ConfigSchema schema("thing");
  AddServerKeys(schema, config);
  config.database_url = "postgresql://somebody:hunter2@db/clientele";
  config.database_password_file = "/run/secrets/password";
  const std::string printed = PrintEffectiveConfig(schema, ConfigReader::kOperator);
  EXPECT_THAT(printed, Not(HasSubstr("hunter2")));
  EXPECT_THAT(printed, Not(HasSubstr("/run/secrets")));
  EXPECT_THAT(printed, HasSubstr(kRedacted));
}

TEST(ServerConfig, RefusesARetentionBelowTheSevenDaysThatArePromised) {
  ServerConfig config = DefaultServerConfig("thing", 7001, 9001);
  ConfigSchema schema("thing");
  AddServerKeys(schema, config);
  EXPECT_FALSE(LoadConfig(schema, {.flags = {{"idempotency.retention", "24h"}}}).ok());
  EXPECT_TRUE(LoadConfig(schema, {.flags = {{"idempotency.retention", "336h"}}}).ok());
  EXPECT_EQ(ToRuntimeOptions("thing", config).idempotency_retention, absl::Hours(336));
}

TEST(ServerConfig, AsksForNothingAndHidesKeysAndTokensUnlessToldOtherwise) {
  ServerConfig config = DefaultServerConfig("thing", 7001, 9001);
  ConfigSchema schema("thing");
  AddServerKeys(schema, config);
  const SecurityConfig untouched = ToRuntimeOptions("thing", config).security;
  EXPECT_FALSE(untouched.insecure);
  EXPECT_EQ(untouched.auth_mode, "none");
  ASSERT_TRUE(LoadConfig(schema, {.flags = {{"tls.cert_file", "/tls/a.pem"},
                                            {"tls.key_file", "/tls/a.key"},
                                            {"client_auth.token_file", "/run/token"},
                                            {"auth.mode", "any"},
                                            {"auth.roles", "reader=a.read,writer=a.write"}}})
                  .ok());
  EXPECT_EQ(ToRuntimeOptions("thing", config).security.auth_roles.size(), 2U);
  const std::string printed = PrintEffectiveConfig(schema, ConfigReader::kOperator);
  EXPECT_THAT(printed, HasSubstr("/tls/a.pem"));
  EXPECT_THAT(printed, Not(HasSubstr("/tls/a.key")));
  EXPECT_THAT(printed, Not(HasSubstr("/run/token")));
  EXPECT_FALSE(LoadConfig(schema, {.flags = {{"auth.mode", "maybe"}}}).ok());
}

TEST(ServerConfig, ShowsWhoMayCallToTheOperatorOnly) {
  ServerConfig config = DefaultServerConfig("thing", 7001, 9001);
  ConfigSchema schema("thing");
  AddServerKeys(schema, config);
  ASSERT_TRUE(LoadConfig(schema, {.flags = {{"auth.certificates", "clerk=clerk.test"},
                                            {"auth.roles", "staff=*"},
                                            {"auth.grants", "token:boss=staff"}}})
                  .ok());
  const std::string shown = PrintEffectiveConfig(schema, ConfigReader::kAnyone);
  EXPECT_THAT(shown, AllOf(Not(HasSubstr("clerk.test")), Not(HasSubstr("boss")),
                           HasSubstr("grants: [\"<redacted>\"]"), HasSubstr("staff=*")));
  EXPECT_THAT(PrintEffectiveConfig(schema, ConfigReader::kOperator),
              AllOf(HasSubstr("clerk=clerk.test"), HasSubstr("token:boss=staff")));
}

TEST(ServerConfig, NamesReplicasApart) {
  ServerConfig config = DefaultServerConfig("thing", 7001, 9001);
  EXPECT_EQ(ToRuntimeOptions("thing", config).replica_name, "local");
  config.database_url = "postgresql://db/clientele";
  const std::string first = ToRuntimeOptions("thing", config).replica_name;
  config.grpc_address = "127.0.0.1:7002";
  EXPECT_NE(ToRuntimeOptions("thing", config).replica_name, first);
  config.replica_name = "thing-0";
  EXPECT_EQ(ToRuntimeOptions("thing", config).replica_name, "thing-0");
}

TEST(ServerConfig, KeepsEventsForEverUnlessToldOtherwise) {
  ServerConfig config = DefaultServerConfig("thing", 7001, 9001);
  ConfigSchema schema("thing");
  AddServerKeys(schema, config);
  EXPECT_EQ(ToRuntimeOptions("thing", config).feed_retention.keep, absl::InfiniteDuration());
  ASSERT_TRUE(
      LoadConfig(schema, {.flags = {{"feed.retention", "720h"}, {"feed.consumer_expiry", "48h"}}})
          .ok());
  const feed::FeedRetention retention = ToRuntimeOptions("thing", config).feed_retention;
  EXPECT_EQ(retention.keep, absl::Hours(720));
  EXPECT_EQ(retention.consumer_silence_max, absl::Hours(48));
}

}  // namespace
}  // namespace clientele::server
