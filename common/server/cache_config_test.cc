#include "common/server/cache_config.h"

#include "common/config/config_load.h"
#include "common/config/config_print.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kConnections = 16;

TEST(CacheConfig, IsInTheProcessAloneUnlessRedisIsNamed) {
  CacheConfig config;
  ConfigSchema schema("thing");
  AddCacheKeys(schema, config);
  ASSERT_TRUE(LoadConfig(schema, {}).ok());
  const auto options = MakeCacheOptions("thing", config, kConnections);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_FALSE(options->redis.has_value());
  EXPECT_TRUE(options->cache.is_on);
  EXPECT_EQ(options->cache.service, "thing");
  EXPECT_EQ(options->cache.loads_max, kConnections / 2);
  EXPECT_GE(options->cache.memory_bytes_max, 8 << 20);
  EXPECT_LE(options->cache.memory_bytes_max, 512 << 20);
}

TEST(CacheConfig, TakesWhatItIsTold) {
  CacheConfig config;
  ConfigSchema schema("thing");
  AddCacheKeys(schema, config);
  ASSERT_TRUE(LoadConfig(schema, {.flags = {{"redis.addresses", "a.example:6379,[::1]:6380"},
                                            {"redis.cluster", "true"},
                                            {"redis.user", "cache"},
                                            {"redis.password_file", "/run/password"},
                                            {"redis.key_prefix", "shop-1"},
                                            {"redis.connections", "3"},
                                            {"redis.latency_budget", "7ms"},
                                            {"cache.memory_mib", "32"},
                                            {"cache.memory_ttl", "200ms"},
                                            {"cache.shared_ttl", "9s"},
                                            {"cache.absent_ttl", "2s"}}})
                  .ok());
  const auto options = MakeCacheOptions("thing", config, kConnections);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->cache.prefix, "shop-1");
  EXPECT_EQ(options->cache.memory_bytes_max, 32 << 20);
  EXPECT_EQ(options->cache.memory_ttl, absl::Milliseconds(200));
  EXPECT_EQ(options->cache.shared_ttl, absl::Seconds(9));
  EXPECT_EQ(options->cache.absent_ttl, absl::Seconds(2));
  ASSERT_TRUE(options->redis.has_value());
  EXPECT_TRUE(options->redis->is_cluster);
  ASSERT_EQ(options->redis->addresses.size(), 2U);
  EXPECT_EQ(options->redis->addresses[1].host, "::1");
  EXPECT_EQ(options->redis->node.login.user, "cache");
  EXPECT_EQ(options->redis->node.login.password_file, "/run/password");
  EXPECT_EQ(options->redis->node.connections_max, 3);
  EXPECT_EQ(options->redis->node.latency_budget, absl::Milliseconds(7));
}

TEST(CacheConfig, CanBeSwitchedOffWithoutAskingRedis) {
  CacheConfig config;
  config.enabled = false;
  config.redis_addresses = {"localhost:6379"};
  const auto options = MakeCacheOptions("thing", config, kConnections);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_FALSE(options->cache.is_on);
  EXPECT_FALSE(options->redis.has_value());
}

// What MakeCacheOptions says of `config`.
std::string Refusal(const CacheConfig& config) {
  return std::string(MakeCacheOptions("thing", config, kConnections).status().message());
}

TEST(CacheConfig, RefusesWhatCannotBe) {
  CacheConfig config;
  config.redis_addresses = {"nowhere"};
  EXPECT_THAT(Refusal(config), HasSubstr("nowhere"));
  config.redis_addresses = {"a:1", "b:1"};
  EXPECT_THAT(Refusal(config), HasSubstr("redis.cluster"));
  config.redis_is_cluster = true;
  EXPECT_EQ(Refusal(config), "");
  config.redis_database = 1;
  EXPECT_THAT(Refusal(config), HasSubstr("redis.database"));
  config.redis_database = 0;
  config.redis_tls = true;
  config.redis_tls_ca_file = "/no/such/file";
  EXPECT_THAT(Refusal(config), HasSubstr("/no/such/file"));
  config.redis_tls = false;
  for (const char* prefix : {"", "a:b", "{a}", "A"}) {
    config.redis_key_prefix = prefix;
    EXPECT_THAT(Refusal(config), HasSubstr("redis.key_prefix"));
  }
}

TEST(CacheConfig, RefusesKeysOfTlsThatDoNotBelongTogether) {
  CacheConfig config;
  config.redis_tls = true;
  EXPECT_EQ(Refusal(config), "redis.tls needs redis.tls_ca_file");
  config.redis_tls_ca_file = "/ca.pem";
  EXPECT_EQ(Refusal(config), "");
  config.redis_tls_key_file = "/key.pem";
  EXPECT_EQ(Refusal(config), "redis.tls_key_file needs redis.tls_certificate_file");
  config.redis_tls_certificate_file = "/certificate.pem";
  EXPECT_EQ(Refusal(config), "");
  config.redis_tls_key_file = "";
  EXPECT_EQ(Refusal(config), "redis.tls_certificate_file needs redis.tls_key_file");
  config.redis_tls = false;
  EXPECT_EQ(Refusal(config), "redis.tls_ca_file is set, but redis.tls is false");
}

TEST(CacheConfig, WantsEnoughMemory) {
  CacheConfig config;
  for (const int64_t mib : {0, 8, 4096}) {
    config.memory_mib = mib;
    EXPECT_EQ(Refusal(config), "");
  }
  config.memory_mib = 7;
  EXPECT_EQ(Refusal(config), "cache.memory_mib must be 0 or at least 8, not 7");
}

TEST(CacheConfig, PrintsNothingThatMayHoldASecret) {
  CacheConfig config;
  ConfigSchema schema("thing");
  AddCacheKeys(schema, config);
  config.redis_password_file = "/run/secrets/password";
  config.redis_tls_key_file = "/run/secrets/key.pem";
  const std::string printed = PrintEffectiveConfig(schema, ConfigReader::kOperator);
  EXPECT_THAT(printed, Not(HasSubstr("/run/secrets")));
  EXPECT_THAT(printed, HasSubstr(kRedacted));
}

}  // namespace
}  // namespace clientele::server
